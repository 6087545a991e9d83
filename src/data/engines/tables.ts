import type { TableCount } from '../held.ts'

// Tables of a database, by the names that people read and by those that cannot be mixed up.

export type TableName = { schema: string; name: string }

export const nameOf = ({ schema, name }: TableName) => `${schema}.${name}`
/** Both parts may hold a point. */
export const keyOf = ({ schema, name }: TableName) => JSON.stringify([schema, name])

type Tables = { tables: TableCount[] }

/** Tables that are missing, have other rows, or were not in the backup. */
export const tableDifferences = (wanted: Tables, found: Tables): string[] => {
  const there = new Map(found.tables.map((table) => [keyOf(table), table]))
  const missing = wanted.tables.flatMap((table) => {
    const restored = there.get(keyOf(table))
    there.delete(keyOf(table))
    if (!restored) return [`${nameOf(table)} is missing (${table.rows} rows)`]
    if (restored.rows !== table.rows)
      return [`${nameOf(table)} has ${restored.rows} rows, not ${table.rows}`]
    return restored.digest === table.digest
      ? []
      : [`${nameOf(table)} has its ${table.rows} rows, but other values in them`]
  })
  return [
    ...missing,
    ...[...there.values()].map((table) => `${nameOf(table)} was not in the backup`),
  ]
}
