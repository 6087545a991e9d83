import type { PostgresContents } from '../../held.ts'
import {
  countQuery,
  extensionsQuery,
  largeObjectsQuery,
  sequencesQuery,
  tablesQuery,
  type TableRow,
} from './sql.ts'
import type { SqlSession } from './session.run.ts'

type Skipped = PostgresContents['skipped']

/** Tables whose rows can be compared, and those whose cannot, with the reason. */
export const sortTables = (rows: TableRow[]): { counted: TableRow[]; skipped: Skipped } => {
  const why = (row: TableRow): string | null => {
    if (row.kind === 'm')
      return 'a materialised view: a restore fills it anew; its definition is compared'
    if (row.kind === 'f')
      return 'a foreign table: its rows are elsewhere; its definition is compared'
    return row.extension ? `belongs to the extension ${row.extension}, which brings it` : null
  }
  return {
    counted: rows.filter((row) => why(row) === null),
    skipped: rows.flatMap((row) => {
      const reason = why(row)
      return reason ? [{ schema: row.schema, name: row.name, why: reason }] : []
    }),
  }
}

export const listTables = (session: SqlSession) => session.rows<TableRow>(tablesQuery)

type CountOptions = {
  onTable: (done: number, table: TableRow) => void
  /** Waited for before the next is begun. */
  afterTable?: ((table: TableRow) => Promise<void>) | undefined
}

/** Counts and digests tables one after the other, in whatever snapshot the session has. */
export const countTables = async (
  session: SqlSession,
  tables: TableRow[],
  { onTable, afterTable }: CountOptions,
): Promise<PostgresContents['tables']> => {
  const counted: PostgresContents['tables'] = []
  for (const table of tables) {
    onTable(counted.length, table)
    const [found] = await session.rows<{ rows: string; digest: string }>(countQuery(table))
    counted.push({
      schema: table.schema,
      name: table.name,
      rows: Number(found!.rows),
      digest: found!.digest,
    })
    await afterTable?.(table)
  }
  return counted
}

/** Null for a user who may not see large objects, which superusers alone do. */
export const countLargeObjects = async (
  session: SqlSession,
): Promise<PostgresContents['largeObjects']> => {
  const [may] = await session.rows<{ may: boolean }>(
    `SELECT has_table_privilege('pg_catalog.pg_largeobject', 'SELECT') AS may`,
  )
  if (!may!.may) return null
  const [found] = await session.rows<{ count: string; digest: string; empty: string }>(
    largeObjectsQuery,
  )
  return {
    count: Number(found!.count),
    digest: found!.digest,
    empty: Number(found!.empty),
  }
}

export const readSequences = (session: SqlSession) =>
  session.rows<{ schema: string; name: string; value: string }>(sequencesQuery)

export const readExtensions = (session: SqlSession) =>
  session.rows<{ name: string; version: string }>(extensionsQuery)
