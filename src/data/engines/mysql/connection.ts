/** What the official images' variables say of the server that they run, of MariaDB and of MySQL. */
export const rootPassword = (values: Record<string, string>): string | null =>
  values['MARIADB_ROOT_PASSWORD'] ??
  values['MYSQL_ROOT_PASSWORD'] ??
  (values['MARIADB_ALLOW_EMPTY_ROOT_PASSWORD'] || values['MYSQL_ALLOW_EMPTY_PASSWORD'] ? '' : null)

export const passwordVariables = ['MARIADB_ROOT_PASSWORD', 'MYSQL_ROOT_PASSWORD']

/** An option file of the client programs: nothing of it is in an argument. A row may be larger than they take by themselves. */
export const optionFile = (host: string, password: string): string =>
  `[client]
host="${host}"
user="root"
password="${password.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"
protocol=tcp
loose_max_allowed_packet=1G
`

/** What the image's entry point is told for a throw-away server, which nobody else can reach. */
export const scratchEnv = [
  'MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1',
  'MYSQL_ALLOW_EMPTY_PASSWORD=1',
  'MARIADB_ROOT_HOST=%',
  'MYSQL_ROOT_HOST=%',
]
