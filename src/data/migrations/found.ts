import { literal, quoted } from '../engines/postgres/sql.ts'
import { type Convention, conventions } from './conventions.ts'
import type { AppliedMigration } from './model.ts'

/** A table that some convention may know, as the database has it. */
export type MigrationTable = { schema: string; name: string; columns: string[] }

/** Where every tenant has a schema of its own, the first few tell enough. */
const tablesMax = 8

/** What a server brings itself has lower numbers than anything that is made in it. */
const firstOwnOid = 16_384

const names = [
  ...new Set(conventions.flatMap(({ table, beside }) => (beside ? [table, beside] : [table]))),
]

/**
 * Tables by the names of the conventions that the user may read, `public` first. No tool makes one with a type of the
 * database's own; a superuser who reads such a column runs whatever its owner has made a cast of it.
 */
export const tablesQuery = `SELECT n.nspname AS schema, c.relname AS name,
  (SELECT json_agg(a.attname) FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname IN (${names.map(literal).join(', ')}) AND c.relkind IN ('r', 'p')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.atttypid >= ${firstOwnOid})
  AND n.nspname !~ '^pg_' AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
ORDER BY n.nspname <> 'public', n.nspname, c.relname LIMIT ${4 * tablesMax}`

/** Which convention each table follows, and the query that tells what was applied by it. */
export const questionsFor = (tables: MigrationTable[]): { tool: string; query: string }[] =>
  tables
    .flatMap((table) => {
      const convention = conventions.find((each) => fits(each, table, tables))
      if (!convention) return []
      const query = convention.query(`${quoted(table.schema)}.${quoted(table.name)}`)
      return [{ tool: convention.tool, query }]
    })
    .slice(0, tablesMax)

const fits = (
  { table, columns, exactly, beside }: Convention,
  found: MigrationTable,
  all: MigrationTable[],
): boolean =>
  table === found.name &&
  columns.every((name) => found.columns.includes(name)) &&
  (!exactly || found.columns.length === columns.length) &&
  (beside === undefined ||
    all.some(({ schema, name }) => schema === found.schema && name === beside))

export type MigrationRow = { name: string; at: string | null; failed: boolean }

/** What the rows of one table say. A tool that has applied nothing yet has nothing to say. */
export const appliedFrom = (tool: string, rows: MigrationRow[]): AppliedMigration[] => {
  if (rows.length === 0) return []
  const [well, failed] = [rows.filter((row) => !row.failed), rows.filter((row) => row.failed)]
  return [
    {
      tool,
      newest: well.map(({ name, at }) => ({ name, at })),
      failed: failed.map(({ name }) => name),
    },
  ]
}
