export type Found = {
  app: string
  compose: string
  services: { name: string; port: number | null }[]
  environmentFiles: string[]
}

/** A first zarpe.yml, commented for somebody who has never seen one. */
export const initialConfig = (found: Found): string => {
  const entry = found.services.find((service) => service.port !== null)
  const route = entry
    ? `    routes:\n      ${found.app}.example: { /: ${entry.name}:${entry.port} }`
    : `    # routes:\n    #   ${found.app}.example: { /: web:3000 }`
  return `# What Zarpe must know beyond ${found.compose}. Every key: docs/reference/config.md

app: ${found.app}
compose: ${found.compose}

servers:
  # user@host, user@host:port, or an alias of your ~/.ssh/config.
  # "zarpe setup" makes a bare Debian or Ubuntu server ready and creates the user "deploy".
  main: deploy@vps.example

environments:
  production:
    servers: [main]
    # Values for \${…} in ${found.compose} come from .env.production (mode 0600, never in git).
    # Which service answers: domain → path → service:port. HTTPS is automatic.
${route}

release:
  # A service that is not healthy within this time fails the release; the old one keeps serving.
  healthy_within: 60s
  # Runs once from the new image, before any of it serves:
  # migrate: { service: ${entry?.name ?? 'web'}, command: npm run migrate }
`
}
