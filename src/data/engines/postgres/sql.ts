// Every text of SQL that looks at a database. Pure; names are always quoted here and nowhere else.

/** A name as SQL reads it, whatever it holds. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A text as SQL reads it, whatever `standard_conforming_strings` says. */
export const literal = (text: string): string =>
  text.includes('\\')
    ? ` E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`

/**
 * What a value looks like must not depend on who asks. `idle_in_transaction_session_timeout` would
 * end the transaction that holds the snapshot.
 */
export const steadySettings = `
SET search_path = '';
SET row_security = off;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'postgres';
SET extra_float_digits = 1;
SET bytea_output = 'hex';
SET lc_monetary = 'C';
SET xmlbinary = 'base64';
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET lock_timeout = '60s';
SET client_encoding = 'UTF8'`

/** With how many processes a session reads a table; one is what live data can bear. */
export const readers = (count: number): string =>
  `SET max_parallel_workers_per_gather = ${count - 1}`

/** A time of the server's, as ISO 8601 in UTC. `expression`: of a `timestamptz`. */
export const isoTime = (expression: string): string =>
  `pg_catalog.to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

export type TableRow = {
  schema: string
  name: string
  kind: 'r' | 'm' | 'f'
  extension: string | null
  /** `cast`: the database has a function of its own that makes a text of it. */
  columns: { name: string; type: string; builtin: boolean; cast: boolean }[]
}

/** Whether a type, or what a domain is made of, has a cast to text by a function that was made in the database. */
const ownCast = `t.oid >= 16384 AND EXISTS (
        WITH RECURSIVE made(oid) AS (SELECT t.oid UNION
          SELECT b.typbasetype FROM pg_catalog.pg_type b JOIN made ON made.oid = b.oid WHERE b.typbasetype <> 0)
        SELECT FROM made JOIN pg_catalog.pg_cast k ON k.castsource = made.oid
        WHERE k.casttarget = 'pg_catalog.text'::pg_catalog.regtype AND k.castfunc >= 16384)`

/**
 * Everything that holds rows of its own: tables and partitions, materialised views, foreign tables. A column that is
 * computed when it is read holds nothing, and may be one that cannot be read.
 */
export const tablesQuery = `
SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind,
  (SELECT e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e' LIMIT 1) AS extension,
  (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', t.typname,
      'builtin', t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace AND t.typtype = 'b', 'cast', ${ownCast}) ORDER BY a.attnum), '[]'::json)
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated <> 'v') AS columns
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm', 'f') AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`

/** Locks tables against TRUNCATE and changes of their form, which no snapshot shields from. Takes no snapshot. */
export const lockTables = (tables: Pick<TableRow, 'schema' | 'name' | 'kind'>[]): string => {
  const names = tables
    .filter(({ kind }) => kind === 'r')
    .map(({ schema, name }) => `ONLY ${quoted(schema)}.${quoted(name)}`)
  const parts = Array.from({ length: Math.ceil(names.length / 200) }, (_each, index) =>
    names.slice(index * 200, index * 200 + 200),
  )
  return parts.map((part) => `LOCK TABLE ${part.join(', ')} IN ACCESS SHARE MODE`).join(';\n')
}

/** Types whose own hash tells every two different values apart. All others are hashed as text. */
const hashable = new Set([
  'bool',
  'int2',
  'int4',
  'int8',
  'oid',
  'uuid',
  'date',
  'timestamp',
  'timestamptz',
  'bytea',
])

const expression = ({ name, type, builtin, cast }: TableRow['columns'][number]) => {
  const own = quoted(name)
  if (builtin && hashable.has(type)) return own
  if (!cast) return `${own}::pg_catalog.text COLLATE "C"`
  // The cast would run what the type's owner has written, as the superuser who counts: this is what the type itself prints.
  return `(CASE WHEN pg_catalog.num_nulls(${own}) = 0 THEN pg_catalog.format('%s', ${own}) END) COLLATE "C"`
}

/**
 * Counts a table and digests every value of every row. The order of rows does not matter, how often
 * one stands there does. The same in PostgreSQL 14 to 18.
 */
export const countQuery = ({ schema, name, columns }: TableRow): string => {
  const row = columns.length > 0 ? `ROW(${columns.map(expression).join(', ')})` : 'ROW(0)'
  return `SELECT count(*)::text AS rows,
  coalesce(sum(pg_catalog.hash_record_extended(${row}, 0)), 0)::text AS digest
FROM ONLY ${quoted(schema)}.${quoted(name)}`
}

/** What a table takes on disk with what is stored beside it, without its indexes. */
export const sizeQuery = ({ schema, name }: Pick<TableRow, 'schema' | 'name'>): string =>
  `SELECT pg_catalog.pg_table_size(${literal(`${quoted(schema)}.${quoted(name)}`)}::pg_catalog.regclass)::text AS bytes`

/** Rows of a table, counted up to a bound; beyond it as the server's statistics have them. */
export const countUpTo = ({ schema, name }: TableRow, rowsMax: number): string => {
  const table = `${quoted(schema)}.${quoted(name)}`
  return `SELECT (CASE WHEN counted.rows < ${rowsMax} THEN counted.rows
  ELSE greatest(counted.rows, (SELECT reltuples FROM pg_catalog.pg_class
    WHERE oid = ${literal(table)}::pg_catalog.regclass)::bigint) END)::text AS rows
FROM (SELECT count(*) AS rows FROM (SELECT 1 FROM ONLY ${table} LIMIT ${rowsMax}) AS bounded) AS counted`
}

/** Those that hold something; one that is empty has no page. */
export const largeObjectsQuery = `
SELECT count(DISTINCT loid)::text AS count,
  ((SELECT count(*) FROM pg_catalog.pg_largeobject_metadata) - count(DISTINCT loid))::text AS empty,
  coalesce(sum(pg_catalog.hash_record_extended(ROW(loid, pageno, data), 0)), 0)::text AS digest
FROM pg_catalog.pg_largeobject`

export const sequencesQuery = `
SELECT schemaname AS schema, sequencename AS name, coalesce(last_value::text, '') AS value
FROM pg_catalog.pg_sequences WHERE schemaname !~ '^pg_temp' ORDER BY schemaname COLLATE "C", sequencename COLLATE "C"`

export const extensionsQuery = `
SELECT extname AS name, extversion AS version FROM pg_catalog.pg_extension ORDER BY extname COLLATE "C"`

/** Roles that something in this database, or the database itself, depends on. */
export const rolesQuery = `
SELECT DISTINCT r.rolname AS name FROM pg_catalog.pg_roles r
WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_shdepend s
    WHERE s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND s.refobjid = r.oid
      AND (s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        OR (s.classid = 'pg_catalog.pg_database'::pg_catalog.regclass
          AND s.objid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))))
  OR r.oid IN (SELECT datdba FROM pg_catalog.pg_database WHERE datname = current_database())
  OR r.oid IN (SELECT relowner FROM pg_catalog.pg_class WHERE oid >= 16384)
  OR r.oid IN (SELECT nspowner FROM pg_catalog.pg_namespace WHERE oid >= 16384)
ORDER BY 1`

/** The database itself. Before 17 the ICU locale has another column, before 15 there is none; its rules came with 16. */
export const databaseQuery = (version: number): string => {
  const locale =
    version >= 170_000 ? 'datlocale' : version >= 150_000 ? 'daticulocale' : 'NULL::text'
  const provider = version >= 150_000 ? 'datlocprovider' : `'c'`
  const rules = version >= 160_000 ? 'daticurules' : 'NULL::text'
  return `SELECT datname AS database, pg_catalog.pg_get_userbyid(datdba) AS owner,
  pg_catalog.pg_encoding_to_char(encoding) AS encoding, datcollate AS collate, datctype AS ctype,
  ${locale} AS locale, ${rules} AS rules, ${provider} AS provider, pg_catalog.pg_database_size(oid)::text AS bytes
FROM pg_catalog.pg_database WHERE datname = current_database()`
}

export type DatabaseRow = {
  database: string
  owner: string
  encoding: string
  collate: string
  ctype: string
  locale: string | null
  rules: string | null
  provider: string
  bytes: string
}

export const versionQuery = `SELECT current_setting('server_version_num')::int AS version`
