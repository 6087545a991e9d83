import type { MysqlContents } from '../../held.ts'
import { tableDifferences } from '../tables.ts'

export type MysqlFound = Pick<MysqlContents, 'tables' | 'definitionsSha256' | 'schemas'>

/** Every difference between what was backed up and what was restored, one line each. */
export const mysqlDifferences = (wanted: MysqlContents, found: MysqlFound): string[] => [
  ...wanted.schemas
    .filter((schema) => !found.schemas.includes(schema))
    .map((schema) => `database ${schema} is missing`),
  ...tableDifferences(wanted, found),
  ...definitionDifferences(wanted, found),
]

type Definitions = Pick<MysqlContents, 'definitionsSha256'>

/** Definitions are compared as a whole. */
export const definitionDifferences = (wanted: Definitions, found: Definitions): string[] =>
  wanted.definitionsSha256 === found.definitionsSha256
    ? []
    : ['the definitions of tables, views, routines, triggers or events differ']
