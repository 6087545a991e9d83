/** What a first zarpe.yml is made of. */
export type Found = {
  app: string
  compose: string[]
  services: { name: string; port: number | null }[]
  environmentFiles: string[]
  /** What was read of a project that runs already; null if nobody looked. */
  adopted: Adopted | null
}

export type Adopted = {
  routes: { domain: string; path: string; upstream: string; from: string[] }[]
  headers: Record<string, string>
  email: string | null
  migrate: { service: string; command: string[]; from: string } | null
  keepers: { service: string; image: string; volumes: string[] }[]
  /** What the proxies do and no route can: one line each. */
  left: string[]
}

/** A first zarpe.yml, commented for somebody who has never seen one. */
export const initialConfig = (found: Found): string => {
  const compose = found.compose.map(scalar).join(', ')
  const entry = entryOf(found)
  return `# What Zarpe must know beyond ${oneLine(found.compose.join(', '))}. Every key: docs/reference/config.md

app: ${found.app}
compose: ${found.compose.length === 1 ? compose : `[${compose}]`}

servers:
  # user@host, user@host:port, or an alias of your ~/.ssh/config.
  # "zarpe setup" makes a bare Debian or Ubuntu server ready and creates the user "deploy".
  main: deploy@vps.example

environments:
  production:
    servers: [main]
    # Values for \${…} in ${oneLine(found.compose[0] ?? 'the Compose file')} come from .env.production (mode 0600, never in git).
    # Which service answers: domain → path → service:port. HTTPS is automatic.
${routesOf(found, entry)}
${headersOf(found.adopted)}
release:
  # A service that is not healthy within this time fails the release; the old one keeps serving.
  healthy_within: 60s
  # Runs once from the new image, before any of it serves:
${migrateOf(found, entry)}
${keepersOf(found.adopted)}`.replace(/\n\n\n+/g, '\n\n')
}

/** The service that most likely is the product itself. */
const entryOf = ({ services }: Found): Entry =>
  services.find(({ name, port }) => port !== null && !/nginx|caddy|proxy/.test(name)) ??
  services.find(({ port }) => port !== null)

type Entry = Found['services'][number] | undefined

const routesOf = ({ app, adopted }: Found, entry: Entry): string => {
  const left = (adopted?.left ?? []).map((line) => `    #   ${oneLine(line)}`)
  const missing = left.length > 0 ? ['    # Not carried over:', ...left] : []
  const routes = adopted?.routes ?? []
  if (routes.length > 0) {
    const domains = [...new Set(routes.map(({ domain }) => domain))]
    const lines = domains.flatMap((domain) => [
      `      ${domain}:`,
      ...routes
        .filter((route) => route.domain === domain)
        .map(
          ({ path, upstream, from }) =>
            `        ${path}: ${upstream}    # ${oneLine(from.join(', '))}`,
        ),
    ])
    return ['    routes:', ...lines, ...missing].join('\n')
  }
  const guess = entry
    ? ['    routes:', `      ${app}.example: { /: ${entry.name}:${entry.port} }`]
    : ['    # routes:', `    #   ${app}.example: { /: web:3000 }`]
  return [...guess, ...missing].join('\n')
}

const headersOf = (adopted: Adopted | null): string => {
  const headers = Object.entries(adopted?.headers ?? {})
  if (headers.length === 0 && !adopted?.email) return suggestedHeaders
  const lines = headers.map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`)
  return [
    '',
    'edge:',
    ...(adopted?.email ? [`  email: ${scalar(adopted.email)}`] : []),
    ...(lines.length > 0
      ? [
          '  # What the proxies added to answers; it is added to those that lack it.',
          '  headers:',
          ...lines,
        ]
      : []),
    '',
  ].join('\n')
}

/** Not more than a suggestion: only the author knows where scripts come from and who frames the product. */
const suggestedHeaders = `
# What browsers are told, beside HTTPS only. Without a policy any script that gets into a page runs, and any site may frame it.
# edge:
#   headers:
#     Content-Security-Policy: "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"
`

const migrateOf = ({ adopted }: Found, entry: Entry): string => {
  const migrate = adopted?.migrate
  return migrate
    ? `  migrate: { service: ${migrate.service}, command: ${JSON.stringify(migrate.command)} }    # was the service ${migrate.from}`
    : `  # migrate: { service: ${adopted?.routes.find(({ path }) => path !== '/')?.upstream.split(':')[0] ?? entry?.name ?? 'web'}, command: npm run migrate }`
}

const keepersOf = (adopted: Adopted | null): string => {
  const keepers = adopted?.keepers ?? []
  if (keepers.length === 0) return ''
  return `
# What keeps data. A service with a named volume is updated in place, one task at a time:
${keepers
  .map(
    ({ service, image, volumes }) =>
      `#   ${service} (${oneLine(image)}): ${volumes.length > 0 ? oneLine(volumes.join(', ')) : 'no named volume, so a release of it begins empty'}`,
  )
  .join('\n')}
`
}

const scalar = (text: string) => (/^[\w./@-]+$/.test(text) ? text : JSON.stringify(text))

const oneLine = (text: string) => text.replaceAll(/[\r\n]+/g, ' ').slice(0, 200)
