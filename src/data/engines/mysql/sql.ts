// Every text of SQL that looks at a MariaDB or MySQL server. Pure; names are quoted here and nowhere else.

/** A name as SQL reads it, whatever it holds. */
export const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``

/** What a value looks like must not depend on who asks, and a snapshot must outlive the dump. */
export const steadySettings = [
  'SET NAMES utf8mb4',
  "SET SESSION time_zone = '+00:00'",
  "SET SESSION sql_mode = ''",
  'SET SESSION wait_timeout = 86400',
  'SET SESSION lock_wait_timeout = 20',
  'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
]

const systemSchemas = `('mysql', 'sys', 'information_schema', 'performance_schema')`

export const schemasQuery = `SELECT schema_name FROM information_schema.schemata WHERE schema_name NOT IN ${systemSchemas} ORDER BY schema_name`

/** `versioned`: MariaDB keeps its former rows too, with the times at which they were so. */
export type TableRow = { schema: string; name: string; engine: string; versioned: boolean }

export const tablesQuery =
  `SELECT table_schema, table_name, COALESCE(engine, ''), table_type = 'SYSTEM VERSIONED' FROM information_schema.tables ` +
  `WHERE table_schema NOT IN ${systemSchemas} AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') ` +
  'ORDER BY table_schema, table_name'

/** About what tables take on disk without their indexes, as the server's statistics have it. */
export const sizesQuery = `SELECT table_schema, table_name, COALESCE(data_length, 0) FROM information_schema.tables WHERE table_schema NOT IN ${systemSchemas}`

/** What a data folder is begun with, for good. */
export const begunWithQuery = 'SELECT @@lower_case_table_names, @@innodb_page_size'

export const columnsQuery =
  `SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns ` +
  `WHERE table_schema NOT IN ${systemSchemas} ORDER BY table_schema, table_name, ordinal_position`

const asBytes = /^(char|varchar|(tiny|medium|long)?text|(tiny|medium|long)?blob|binary|varbinary)$/

/** MySQL has no MD5 any more since 9.6. Backups from before are compared by what they were digested with. */
export type Hash = 'md5' | 'sha256'

const hashed = (text: string, hash: Hash) =>
  hash === 'md5' ? `MD5(${text})` : `SHA2(${text}, 256)`

/** A value as what its type can show: its bytes, or a text. */
const shown = ({ name, type }: Column): string => {
  const own = quoted(name)
  if (
    /^(geometry|point|linestring|polygon|multi\w+|geometrycollection|geomcollection|vector)$/.test(
      type,
    )
  )
    return `HEX(${own})`
  if (type === 'bit') return `BIN(${own})`
  return asBytes.test(type) ? own : `CAST(${own} AS CHAR CHARACTER SET utf8mb4)`
}

export type Column = { name: string; type: string }

/**
 * Counts a table and digests every value of every row: two sums of parts of a hash of each row, so that the order of
 * rows does not matter and how often one stands there does. Answers rows and digest.
 */
export const countQuery = (
  { schema, name, versioned }: Omit<TableRow, 'engine'>,
  columns: Column[],
  hash: Hash,
): string => {
  const values = columns.map((column) => `COALESCE(${hashed(shown(column), hash)}, 'null')`)
  const row = hashed(`CONCAT_WS(',', ${values.join(', ') || `'none'`})`, hash)
  const part = (text: string) => `COALESCE(SUM(CAST(CONV(${text}, 16, 10) AS DECIMAL(65, 0))), 0)`
  const parts = [`LEFT(zarpe_row, 15)`, `SUBSTRING(zarpe_row, 16, 15)`].map(part)
  return (
    `SELECT COUNT(*), CONCAT(${parts.join(", '-', ")}) ` +
    `FROM (SELECT ${row} AS zarpe_row FROM ${quoted(schema)}.${quoted(name)}${versioned ? ' FOR SYSTEM_TIME ALL' : ''}) AS zarpe_rows`
  )
}

/** Connections of the host that asks, in a transaction, other than these. */
export const begunQuery = (known: string[]): string =>
  `SELECT COUNT(*) FROM information_schema.innodb_trx t ` +
  `JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id ` +
  `WHERE SUBSTRING_INDEX(p.host, ':', 1) = (SELECT SUBSTRING_INDEX(host, ':', 1) FROM information_schema.processlist WHERE id = CONNECTION_ID()) ` +
  `AND p.id NOT IN (${known.map(Number).join(', ')})`

/** A field of the client's batch output as the text that it stands for; null for NULL. */
export const unescaped = (field: string): string | null =>
  field === 'NULL'
    ? null
    : field.replaceAll(/\\([0ntr\\])/g, (_all, each: string) => escapes[each] ?? each)

const escapes: Record<string, string> = { '0': '\0', n: '\n', t: '\t', r: '\r', '\\': '\\' }

/** Definitions, without what moves by itself or tells of the moment. */
export const steadyDefinitions = (dump: string): string =>
  dump
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('--') && !/^\/\*M?!999999/.test(line))
    // Where a SEQUENCE stands, which moves with whoever asks for its next value.
    .filter((line) => !/^(DO|SELECT) SETVAL\(/i.test(line))
    .map((line) => line.replace(/ AUTO_INCREMENT=\d+/, ''))
    .join('\n')

/** An account, as the server tells it. MariaDB keeps roles as accounts of no host; they are made by other words. */
export type Account = { account: string; created: string; grants: string[] }

/**
 * Statements that make accounts, or make those that are there the same, with the rights of `SHOW GRANTS`. All are there
 * before anybody gets a right, for a role is one that others are given, and is theirs before it is their usual one.
 */
export const userStatements = (accounts: Account[]): string[] => [
  ...accounts.flatMap(({ account, created }) =>
    created.startsWith('CREATE ROLE') ? [created] : [creationOf(account), alteration(created)],
  ),
  ...accounts.flatMap(({ grants }) => grants.filter((grant) => !grant.startsWith('GRANT PROXY'))),
  ...accounts.flatMap(({ account, created }) => {
    const roles = usualRoles.exec(created)?.[1]
    return roles === undefined ? [] : [`ALTER USER ${account} DEFAULT ROLE ${roles}`]
  }),
]

/** The table that a right of `SHOW GRANTS` is on; null for one on anything else. */
export const tableOfGrant = (grant: string): { schema: string; name: string } | null => {
  const [, schema, name] = / ON (?:TABLE )?`((?:[^`]|``)+)`\.`((?:[^`]|``)+)` TO /.exec(grant) ?? []
  const plain = (text: string) => text.replaceAll('``', '`')
  return schema === undefined || name === undefined
    ? null
    : { schema: plain(schema), name: plain(name) }
}

/** How a file of accounts makes each of them. */
export const creationOf = (account: string): string => `CREATE USER IF NOT EXISTS ${account}`

export const heldRolesQuery =
  'SELECT host, user, role, admin_option FROM mysql.roles_mapping ORDER BY host, user, role'

/**
 * Who has which role of MariaDB, exactly: whoever makes a role there is given it too, and nobody else can give it to
 * others. So the accounts have had them by their grants, and this leaves those that there were.
 */
export const heldRoles = (rows: (string | null)[][]): string[] =>
  rows.length === 0
    ? []
    : [
        'DELETE FROM mysql.roles_mapping',
        `INSERT INTO mysql.roles_mapping (host, user, role, admin_option) VALUES ${rows
          .map((row) => `(${row.map((each) => text(each ?? '')).join(', ')})`)
          .join(', ')}`,
      ]

/** A text as SQL reads it. */
const text = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

const quotedPart = '`(?:[^`]|``)*`'
/** MySQL takes it in a statement that makes a user, and not in one that alters it. */
const usualRoles = new RegExp(
  ` DEFAULT ROLE (${quotedPart}@${quotedPart}(?:,${quotedPart}@${quotedPart})*)(?= )`,
)

const alteration = (created: string) =>
  created.replace(/^CREATE USER/, 'ALTER USER').replace(usualRoles, '')
