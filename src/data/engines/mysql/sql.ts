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

export type TableRow = { schema: string; name: string; engine: string }

export const tablesQuery =
  `SELECT table_schema, table_name, COALESCE(engine, '') FROM information_schema.tables ` +
  `WHERE table_schema NOT IN ${systemSchemas} AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') ` +
  'ORDER BY table_schema, table_name'

export const columnsQuery =
  `SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns ` +
  `WHERE table_schema NOT IN ${systemSchemas} ORDER BY table_schema, table_name, ordinal_position`

const asBytes = /^(char|varchar|(tiny|medium|long)?text|(tiny|medium|long)?blob|binary|varbinary)$/

const digestOf = ({ name, type }: Column): string => {
  if (
    /^(geometry|point|linestring|polygon|multi\w+|geometrycollection|geomcollection|vector)$/.test(
      type,
    )
  )
    return `MD5(HEX(${quoted(name)}))`
  if (type === 'bit') return `MD5(BIN(${quoted(name)}))`
  return asBytes.test(type)
    ? `MD5(${quoted(name)})`
    : `MD5(CAST(${quoted(name)} AS CHAR CHARACTER SET utf8mb4))`
}

export type Column = { name: string; type: string }

/**
 * Counts a table and digests every value of every row: two sums of halves of an MD5 of each row, so that the order of
 * rows does not matter and how often one stands there does. Answers rows and digest.
 */
export const countQuery = (
  { schema, name }: Omit<TableRow, 'engine'>,
  columns: Column[],
): string => {
  const values = columns.map((column) => `COALESCE(${digestOf(column)}, 'null')`).join(', ')
  const row = `MD5(CONCAT_WS(',', ${values || `'none'`}))`
  const half = (part: string) => `COALESCE(SUM(CAST(CONV(${part}, 16, 10) AS DECIMAL(65, 0))), 0)`
  const halves = [`LEFT(zarpe_row, 15)`, `SUBSTRING(zarpe_row, 16, 15)`].map(half)
  return (
    `SELECT COUNT(*), CONCAT(${halves.join(", '-', ")}) ` +
    `FROM (SELECT ${row} AS zarpe_row FROM ${quoted(schema)}.${quoted(name)}) AS zarpe_rows`
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
    .map((line) => line.replace(/ AUTO_INCREMENT=\d+/, ''))
    .join('\n')

/** Statements that make a user, or make one that is there the same, with the rights of `SHOW GRANTS`. */
export const userStatements = (account: string, created: string, grants: string[]): string[] => [
  `CREATE USER IF NOT EXISTS ${account}`,
  created.replace(/^CREATE USER/, 'ALTER USER'),
  ...grants.filter((grant) => !grant.startsWith('GRANT PROXY')),
]
