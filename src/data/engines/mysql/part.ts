import { misused } from '../../extract/extraction.ts'
import type { TableName } from '../tables.ts'
import { type Column, quoted } from './sql.ts'

// Tables that are taken out of a dump, and how they come.

const quotedTable = ({ schema, name }: TableName) => `${quoted(schema)}.${quoted(name)}`

/**
 * Copies rows into a database of their own, without anything that would tie them to live ones. Columns are named, for
 * `*` passes over those that are invisible.
 */
export const besideStatements = (
  database: string,
  tables: (TableName & { columns: Column[] })[],
): string[] => [
  `CREATE DATABASE ${quoted(database)} CHARACTER SET utf8mb4`,
  ...tables.map(
    (table) =>
      `CREATE TABLE ${quotedTable({ schema: database, name: table.name })} AS SELECT ${table.columns.map(({ name }) => quoted(name)).join(', ')} FROM ${quotedTable(table)}`,
  ),
]

/** What stands before the dump of tables: where they go. Definitions are in no transaction here. */
export const beforeDump = (id: string, database: string, isBeside: boolean): string =>
  `-- Tables of the backup ${id}, for mariadb or mysql, which ends at the first thing that is in its way.
${isBeside ? `CREATE DATABASE IF NOT EXISTS ${quoted(database)};\n` : ''}USE ${quoted(database)};
`

/** The database that the tables go back into. */
export const databaseOf = (tables: TableName[]): string => {
  const names = [...new Set(tables.map(({ schema }) => schema))]
  if (names.length === 1) return names[0]!
  throw misused(
    `One file has tables of one database; these are of ${names.map(quoted).join(', ')}.`,
    ['Run it once for each database.', 'Or together in another one: --beside rescued'],
  )
}

/** The database must be the restored tables' own, or they would meet others of their names. */
export const refuseDatabase = (database: string, there: string[]) => {
  const isTaken = there.some((name) => name.toLowerCase() === database.toLowerCase())
  if (!isTaken && !/^(mysql|sys|information_schema|performance_schema)$/i.test(database)) return
  throw misused(
    `There is a database ${quoted(database)} already; what stands beside live tables needs one of its own.`,
    ['Choose another name, such as: --beside rescued'],
  )
}
