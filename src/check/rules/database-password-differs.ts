import type { ComposeService } from '../../compose/model.ts'
import type { Project } from '../model.ts'
import { environmentPlace } from '../reading/places.ts'
import type { Finding, Rule } from '../rule.ts'

export const databasePasswordDiffers: Rule = {
  id: 'database-password-differs',
  severity: 'error',
  title: 'An app has another password for a database than the database itself.',
  why: 'The database refuses it, so the app starts and fails at its first question, or never becomes healthy.',
  fix: [
    'Make both of one variable: DATABASE_URL: postgresql://shop:${POSTGRES_PASSWORD:?}@db/shop',
  ],
  bad: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    environment:
      DATABASE_URL: \${DATABASE_URL:?}
      REDIS_HOST: cache
      REDIS_PASSWORD: \${REDIS_PASSWORD:?}
  db:
    image: postgres:17
    environment: { POSTGRES_USER: shop, POSTGRES_PASSWORD: "\${POSTGRES_PASSWORD:?}" }
    volumes: [data:/var/lib/postgresql/data]
  cache:
    image: redis:8
    command: [redis-server, --requirepass, "\${CACHE_PASSWORD:?}"]
volumes:
  data:
`,
      '.env.production': `POSTGRES_PASSWORD=Xq7mTz2RbW9kLd4s
DATABASE_URL=postgresql://shop:Wb5nYp8KcQ3vHj6f@db:5432/shop
REDIS_PASSWORD=Rk4tMv7NzD2wGs9h
CACHE_PASSWORD=Jf6qCx3LyB8pTn5d
`,
    },
    at: ['compose.yml:5:7', 'compose.yml:7:7'],
  },
  good: {
    files: {
      'compose.yml': `services:
  web:
    image: shop:1.4
    environment:
      DATABASE_URL: postgresql://shop:\${POSTGRES_PASSWORD:?}@db:5432/shop
      REPORTS_URL: postgresql://reader:\${READER_PASSWORD:?}@db:5432/shop
  db:
    image: postgres:17
    environment: { POSTGRES_USER: shop, POSTGRES_PASSWORD: "\${POSTGRES_PASSWORD:?}" }
    volumes: [data:/var/lib/postgresql/data]
volumes:
  data:
`,
      '.env.production': `POSTGRES_PASSWORD=Xq7mTz2RbW9kLd4s
READER_PASSWORD=Wb5nYp8KcQ3vHj6f
`,
    },
  },
  find: (project) => {
    // A machine without values has one stand-in for all of them.
    if (!project.knowsValues) return []
    return Object.entries(project.compose?.services ?? {}).flatMap(([name, { environment }]) =>
      Object.entries(environment ?? {}).flatMap(([variable, value]) =>
        judge(project, name, variable, loginOf(environment ?? {}, variable, value ?? '')),
      ),
    )
  },
}

type Login = { host: string; user: string | null; password: string }

const judge = (
  project: Project,
  service: string,
  variable: string,
  login: Login | null,
): Finding[] => {
  const database = login ? project.compose?.services[login.host] : undefined
  const expected = database && login ? passwordOf(database, login.user) : null
  if (!login || !expected || expected.value === login.password) return []
  return [
    {
      place: environmentPlace(project, service, variable),
      detail: `The password in \`${variable}\` of service "${service}" is not the one that "${login.host}" is given by ${expected.by}.`,
    },
  ]
}

/** From a URL, or from the three variables `…_HOST`, `…_USER` and `…_PASSWORD`. */
const loginOf = (
  environment: Record<string, string | null>,
  variable: string,
  value: string,
): Login | null => {
  const url = /^[a-z][a-z0-9+]*:\/\/([^:@/\s]*):([^@/\s]+)@([\w.-]+)(?=[:/?]|$)/i.exec(value)
  if (url) return { user: decoded(url[1]!), password: decoded(url[2]!), host: url[3]! }
  const prefix = /^(\w*_)?PASS(WORD)?$/.exec(variable)?.[1]
  const host = prefix === undefined ? null : environment[`${prefix}HOST`]
  if (!host || value === '') return null
  const user = environment[`${prefix}USER`] ?? environment[`${prefix}USERNAME`] ?? null
  return { host: host.split(':')[0]!, user, password: value }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Variables by which official images are given the first user and its password. */
const accounts: { image: RegExp; user: string; fallback: string; password: string }[] = [
  {
    image: /postg(res|is)|timescale|pgvector/,
    user: 'POSTGRES_USER',
    fallback: 'postgres',
    password: 'POSTGRES_PASSWORD',
  },
  { image: /mysql|percona/, user: 'MYSQL_USER', fallback: '', password: 'MYSQL_PASSWORD' },
  { image: /mysql|percona/, user: '', fallback: 'root', password: 'MYSQL_ROOT_PASSWORD' },
  { image: /mariadb/, user: 'MARIADB_USER', fallback: '', password: 'MARIADB_PASSWORD' },
  { image: /mariadb/, user: '', fallback: 'root', password: 'MARIADB_ROOT_PASSWORD' },
  {
    image: /mongo/,
    user: 'MONGO_INITDB_ROOT_USERNAME',
    fallback: '',
    password: 'MONGO_INITDB_ROOT_PASSWORD',
  },
  {
    image: /rabbitmq/,
    user: 'RABBITMQ_DEFAULT_USER',
    fallback: 'guest',
    password: 'RABBITMQ_DEFAULT_PASS',
  },
]

/** The password that a database is given for a user, and by what; null if nobody can tell. */
const passwordOf = (
  { image = '', environment = {}, command }: ComposeService,
  user: string | null,
): { value: string; by: string } | null => {
  if (/redis|valkey/.test(image)) {
    const words = (command ?? []).join(' ')
    const value = /--requirepass[= ](\S+)/.exec(words)?.[1]?.replaceAll(/^["']|["']$/g, '')
    // One that the shell of the container fills in is not known here.
    return value && !value.includes('$') && !user ? { value, by: 'its command' } : null
  }
  for (const each of accounts) {
    const value = environment[each.password]
    const name = environment[each.user] ?? each.fallback
    if (each.image.test(image) && value && name !== '' && name === (user ?? name))
      return { value, by: `\`${each.password}\`` }
  }
  return null
}
