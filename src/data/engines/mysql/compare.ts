import type { MysqlContents } from '../../held.ts'

export type MysqlFound = Pick<MysqlContents, 'tables' | 'definitionsSha256' | 'schemas'>

/** Every difference between what was backed up and what was restored, one line each. */
export const mysqlDifferences = (wanted: MysqlContents, found: MysqlFound): string[] => {
  const named = ({ schema, name }: { schema: string; name: string }) => `${schema}.${name}`
  const left = new Map(found.tables.map((table) => [named(table), table]))
  const tables = wanted.tables.flatMap((table) => {
    const restored = left.get(named(table))
    left.delete(named(table))
    if (!restored) return [`${named(table)} is missing (${table.rows} rows)`]
    if (restored.rows !== table.rows)
      return [`${named(table)} has ${restored.rows} rows, not ${table.rows}`]
    return restored.digest === table.digest
      ? []
      : [`${named(table)} has its ${table.rows} rows, but other values in them`]
  })
  const more = [...left.keys()].map((name) => `${name} was not in the backup`)
  const schemas = wanted.schemas
    .filter((schema) => !found.schemas.includes(schema))
    .map((schema) => `database ${schema} is missing`)
  const differs = wanted.definitionsSha256 !== found.definitionsSha256
  return [
    ...schemas,
    ...tables,
    ...more,
    ...(differs ? ['the definitions of tables, views, routines, triggers or events differ'] : []),
  ]
}
