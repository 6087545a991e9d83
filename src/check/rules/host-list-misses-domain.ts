import { covers } from '../../contract/types/host.ts'
import type { Project } from '../model.ts'
import { environmentPlace } from '../reading/places.ts'
import type { Finding, Rule } from '../rule.ts'

const routed = `app: shop
servers: { main: deploy@vps.example }
environments:
  production:
    servers: [main]
    routes: { shop.example: { /: web:3000 } }
`

export const hostListMissesDomain: Rule = {
  id: 'host-list-misses-domain',
  severity: 'warning',
  title: 'An app is routed under a domain that its own list of hosts does not have.',
  why: 'The app answers 400 or a browser blocks the answer, under exactly the domain that people use.',
  fix: ['Add the domain to the list.'],
  bad: {
    files: {
      'zarpe.yml': routed,
      'compose.yml': `services:
  web:
    image: shop:1.4
    environment:
      ALLOWED_HOSTS: localhost,www.shop.example
`,
    },
    at: ['compose.yml:5:7'],
  },
  good: {
    files: {
      'zarpe.yml': routed,
      'compose.yml': `services:
  web:
    image: shop:1.4
    environment:
      ALLOWED_HOSTS: localhost,.shop.example
      CORS_ORIGINS: '["https://shop.example", "https://admin.example"]'
`,
    },
  },
  find: (project) => {
    const routes = project.config.environments[project.environment]?.routes ?? {}
    return Object.entries(project.compose?.services ?? {}).flatMap(([service, { environment }]) => {
      const domains = Object.entries(routes)
        .filter(([, paths]) =>
          Object.values(paths).some((upstream) => upstream.split(':')[0] === service),
        )
        .map(([domain]) => domain)
      return Object.entries(environment ?? {})
        .filter(([name]) => listName.test(name))
        .flatMap(([name, value]) => inList(project, service, name, value ?? '', domains))
    })
  },
}

const listName =
  /(ALLOWED|TRUSTED|VALID|SERVER)_?(HOSTS?|DOMAINS?|ORIGINS?|NAMES?)$|^CORS_\w*ORIGINS?$/i

const inList = (
  project: Project,
  service: string,
  name: string,
  value: string,
  domains: string[],
): Finding[] => {
  const listed = hostsIn(value)
  // Without values there is only a stand-in to look at.
  if (listed.length === 0 || !listed.some((host) => /[.*]|^localhost$/.test(host))) return []
  const missed = domains.filter((domain) => !listed.some((host) => covers(host, domain)))
  if (missed.length === 0) return []
  return [
    {
      place: environmentPlace(project, service, name),
      detail: `\`${name}\` of service "${service}" lacks ${missed.join(', ')} in ${project.environment}.`,
      fix: [`Add ${missed.join(', ')} to ${name}, in the form in which it lists the others.`],
    },
  ]
}

/** The hosts of a list as apps write them: commas, spaces or JSON; with or without a scheme and port. */
const hostsIn = (value: string): string[] =>
  value
    .split(/[\s,;"'[\]]+/)
    .filter(Boolean)
    .map((each) =>
      each
        .replace(/^[a-z]+:\/\//i, '')
        .replace(/(:\d+)?\/?$/, '')
        .toLowerCase(),
    )
