import { baseOf } from '../reading/dockerfile.ts'
import { composePlace } from '../reading/places.ts'
import type { Rule } from '../rule.ts'

export const noHealthcheck: Rule = {
  id: 'no-healthcheck',
  severity: 'warning',
  title: 'A service has no health check.',
  why: 'A release counts it as good as soon as its program runs, also when it cannot answer yet or never will.',
  fix: [
    'healthcheck: { test: [CMD, …], interval: 5s, start_period: 20s }    # a command that exits 0 only when it can serve',
  ],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  db:
    image: postgres:17
`,
    },
    at: ['compose.yml:2:3', 'compose.yml:4:3'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    build: .
  db:
    image: postgres:17
    healthcheck:
      test: [CMD, pg_isready, -h, 127.0.0.1, -U, postgres]
`,
      Dockerfile: `FROM node:24-slim
USER node
HEALTHCHECK CMD ["node", "healthcheck.mjs"]
CMD ["node", "server.mjs"]
`,
    },
  },
  find: (project) =>
    Object.entries(project.compose?.services ?? {}).flatMap(([name, service]) => {
      const image = project.images.find(({ services }) => services.includes(name))
      const inImage = image?.final?.instructions.some(({ keyword }) => keyword === 'HEALTHCHECK')
      // One that is turned off is a matter of `useless-healthcheck`.
      if (inImage || service.healthcheck) return []
      const place = composePlace(project, ['services', name])
      const about = image
        ? `neither the Compose file nor ${image.file} has one`
        : `the Compose file has none; images of others seldom bring one`
      const hint = checkFor(
        image ? (image.final ? baseOf(image.final) : '') : (service.image ?? ''),
      )
      return [
        {
          place,
          detail: `Service "${name}": ${about}.`,
          ...(hint ? { fix: [`${hint}    # service ${name}`] } : {}),
        },
      ]
    }),
}

/** A check that a well-known image can do; the last ones need the port and path of the app. */
const checks: [image: RegExp, test: string][] = [
  [
    /postg(res|is)|timescale|pgvector/,
    // By socket it is ready while the image's own first scripts run.
    `[CMD-SHELL, 'pg_isready -h 127.0.0.1 -U "$$POSTGRES_USER"']`,
  ],
  [/redis/, '[CMD, redis-cli, ping]    # with a password: REDISCLI_AUTH in its environment'],
  [/valkey/, '[CMD, valkey-cli, ping]'],
  [/mariadb/, '[CMD, healthcheck.sh, --connect, --innodb_initialized]'],
  [/mysql|percona/, '[CMD, mysqladmin, ping, -h, 127.0.0.1]'],
  [/mongo/, `[CMD, mongosh, --quiet, --eval, "db.adminCommand('ping').ok"]`],
  [/rabbitmq/, '[CMD, rabbitmq-diagnostics, -q, ping]'],
  [/^nginx/, '[CMD, curl, -fsS, http://localhost/]'],
  [
    /node|bun/,
    `[CMD, node, -e, "fetch('http://localhost:3000/health').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]`,
  ],
  [
    /python/,
    `[CMD, python, -c, "import urllib.request as u; u.urlopen('http://localhost:8000/health')"]`,
  ],
]

const checkFor = (image: string): string | null => {
  const name = image.split('@')[0]!.split('/').at(-1)!.split(':')[0]!
  const test = checks.find(([pattern]) => pattern.test(name))?.[1]
  return test === undefined
    ? null
    : `healthcheck: { test: ${test} }`.replace(/ {4}# (.*) \}$/, ' }    # $1')
}
