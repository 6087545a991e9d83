import type { ComposeProject } from '../../compose/model.ts'
import { environmentPlace } from '../reading/places.ts'
import type { Finding, Rule } from '../rule.ts'

export const missingDependsOn: Rule = {
  id: 'missing-depends-on',
  severity: 'warning',
  title: 'A service connects to another that it does not wait for.',
  why: 'Both start at once. If the app gives up before the other is ready, its first release fails, on some days and not on others.',
  fix: ['depends_on: { db: { condition: service_healthy } }'],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    environment:
      - DATABASE_URL=postgres://shop@db:5432/shop
      - REDIS_HOST=cache
  db:
    image: postgres:17
    volumes: [data:/var/lib/postgresql/data]
  cache:
    image: redis:8
volumes:
  data:
`,
    },
    at: ['compose.yml:5:9', 'compose.yml:6:9'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    environment:
      DATABASE_URL: postgres://shop@db:5432/shop
      MODE: db
    depends_on: { pool: { condition: service_healthy } }
  pool:
    image: pgbouncer:1.24
    depends_on: { db: { condition: service_healthy } }
  db:
    image: postgres:17
    volumes: [data:/var/lib/postgresql/data]
volumes:
  data:
`,
    },
  },
  find: (project) => {
    const { compose } = project
    if (!compose) return []
    return Object.entries(compose.services).flatMap(([name, { environment }]) => {
      const waited = waitedFor(compose, name)
      const told = new Set<string>()
      return Object.entries(environment ?? {}).flatMap(([variable, value]): Finding[] => {
        const other = connectsTo(compose, variable, value ?? '')
        if (!other || other === name || waited.has(other) || told.has(other)) return []
        // Two that wait for each other would never start.
        if (waitedFor(compose, other).has(name)) return []
        told.add(other)
        return [
          {
            place: environmentPlace(project, name, variable),
            detail: `\`${variable}\` of service "${name}" leads to "${other}", which is not in its \`depends_on\`.`,
            fix: [`depends_on: { ${other}: { condition: service_healthy } }`],
          },
        ]
      })
    })
  },
}

/** Every service that must be up before this one, at any remove. */
const waitedFor = (compose: ComposeProject, name: string): Set<string> => {
  const found = new Set<string>()
  const visit = (each: string) => {
    for (const other of Object.keys(compose.services[each]?.depends_on ?? {})) {
      if (found.has(other)) continue
      found.add(other)
      visit(other)
    }
  }
  visit(name)
  return found
}

/** What waits for these is the one that keeps data or queues; apps may call each other both ways. */
const schemes =
  /^(postgres(ql)?|mysql|mariadb|mongodb|rediss?|amqps?|nats|kafka|memcached)(\+\w+)?:\/\//

const connectsTo = (compose: ComposeProject, variable: string, value: string): string | null => {
  const host = schemes.test(value)
    ? /:\/\/(?:[^@/]*@)?([^:/?,]+)/.exec(value)?.[1]
    : /(^|_)(DB|DATABASE|POSTGRES|PG|MYSQL|MARIADB|MONGO|REDIS|RABBITMQ|AMQP|BROKER|CACHE)\w*_?(HOST|SERVER|ADDR|ADDRESS)$|^PGHOST$/i.test(
          variable,
        )
      ? value.split(':')[0]
      : undefined
  return host !== undefined && Object.hasOwn(compose.services, host) ? host : null
}
