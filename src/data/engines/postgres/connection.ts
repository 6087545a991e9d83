import type { UrlSource } from '../../model.ts'

/** How PostgreSQL's programs reach a server. The password is kept apart: it goes into a file. */
export type Connection = {
  host: string
  port: string
  user: string
  password: string
  database: string
  /** Further settings of libpq by their environment's names. */
  more: Record<string, string>
}

/** A line of libpq's password file that fits every database of this server. */
export const passwordLine = ({ host, port, user, password }: Connection): string =>
  `${[host, port, '*', user, password].map((part) => (part === '*' ? part : escaped(part))).join(':')}\n`

const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll(':', '\\:')

export const connectionEnv = (connection: Connection, passwordFile: string): string[] =>
  Object.entries({
    PGHOST: connection.host,
    PGPORT: connection.port,
    PGUSER: connection.user,
    PGPASSFILE: passwordFile,
    PGAPPNAME: 'zarpe',
    PGCONNECT_TIMEOUT: '10',
    PGCLIENTENCODING: 'UTF8',
    LC_ALL: 'C',
    ...connection.more,
  }).map(([name, value]) => `${name}=${value}`)

/** Parameters of a URL that the programs can be given through their environment. */
const known: Record<string, string> = {
  sslmode: 'PGSSLMODE',
  channel_binding: 'PGCHANNELBINDING',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
}

/** Reads `postgresql://user:password@host:port/database?sslmode=require`; null if it is none. */
export const parseUrl = ({ url }: Pick<UrlSource, 'url'>): Connection | null => {
  if (!/^postgres(ql)?(\+\w+)?:\/\//.test(url)) return null
  try {
    // Frameworks write their driver into the scheme.
    const parsed = new URL(url.replace(/^[^:]+/, 'postgresql'))
    const database = decodeURIComponent(parsed.pathname.slice(1))
    if (!parsed.hostname || !database || !parsed.username) return null
    const more = [...parsed.searchParams].flatMap(([name, value]) =>
      known[name] ? [[known[name], value] as const] : [],
    )
    return {
      host: parsed.hostname.replace(/^\[|\]$/g, ''),
      port: parsed.port || '5432',
      user: decodeURIComponent(parsed.username),
      password: decodeURIComponent(parsed.password),
      database,
      more: Object.fromEntries(more),
    }
  } catch {
    return null
  }
}

/** What the official image is told of user and database, each also by a file. */
export const serviceVariables = ['POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_DB']

/** What the official image's variables say of the server that it runs. */
export const serviceConnection = (
  service: string,
  values: Record<string, string>,
  database: string | null,
): Connection => {
  const user = values['POSTGRES_USER'] || 'postgres'
  return {
    host: service,
    port: values['PGPORT'] || '5432',
    user,
    password: values['POSTGRES_PASSWORD'] ?? '',
    database: database ?? (values['POSTGRES_DB'] || user),
    more: {},
  }
}
