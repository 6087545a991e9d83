import { misused } from '../../extract/extraction.ts'
import type { TableName } from '../tables.ts'
import { quoted } from './sql.ts'

// Tables that are taken out of a dump: which are meant, what of the dump they need, and how they come.

/** A table that can be asked for. `members`: those whose rows are its rows, with a partitioned one itself. */
export type Relation = TableName & { isPartitioned: boolean; members: TableName[] }

/** Partitioned tables, which have no rows of their own, with all partitions below them. */
export const partitionedQuery = `
SELECT n.nspname AS schema, c.relname AS name,
  (SELECT json_agg(json_build_object('schema', pn.nspname, 'name', p.relname))
    FROM pg_catalog.pg_partition_tree(c.oid) AS t
    JOIN pg_catalog.pg_class p ON p.oid = t.relid JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace) AS members
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'p'
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`

export const quotedName = ({ schema, name }: TableName) => `${quoted(schema)}.${quoted(name)}`

/** A line of `pg_restore --list`: number; catalogue, object, what it is, schema, name, owner. */
const entry = /^(\d+); \d+ \d+ (.*)$/

/** Views are not filled, and nothing is set off by what is made. */
const leftOut = /^(MATERIALIZED VIEW DATA|EVENT TRIGGER|COMMENT - EVENT TRIGGER) /

/**
 * What is made after the rows, as in any restore. To load rows with triggers that are there leaves each of them on, also one
 * that was off; and a constraint that was never validated would refuse rows that are older than it.
 */
const afterRows = /^(TRIGGER|CHECK CONSTRAINT) |^COMMENT .*(TRIGGER|CONSTRAINT) /

/**
 * NOT NULL that was never validated, which a list does not tell from a key: older rows would be refused. What others
 * inherit from comes first; they have it no more when that is gone, or have it for themselves.
 */
export const unvalidatedQuery = `
SELECT n.nspname AS schema, c.relname AS name, k.conname AS constraint, pg_catalog.pg_get_constraintdef(k.oid) AS definition
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'n' AND NOT k.convalidated AND k.coninhcount = 0`

export type Unvalidated = TableName & { constraint: string; definition: string }

export const dropConstraint = (row: Unvalidated): string =>
  `ALTER TABLE ${quotedName(row)} DROP CONSTRAINT ${quoted(row.constraint)}`

export const addConstraint = (row: Unvalidated): string =>
  `ALTER TABLE ${quotedName(row)} ADD CONSTRAINT ${quoted(row.constraint)} ${row.definition}`

/** What makes an empty database of the dump's form. */
export const definitionList = (list: string): string =>
  chosenEntries(list, (rest) => !leftOut.test(rest) && !afterRows.test(rest))

export const afterRowsList = (list: string): string =>
  chosenEntries(list, (rest) => !leftOut.test(rest) && afterRows.test(rest))

/**
 * The rows of these tables, and where all sequences stand. A list puts names beside each other without quotes:
 * it may have rows of another table too, which then are restored in vain.
 */
export const dataList = (list: string, tables: TableName[]): string => {
  const wanted = tables.map(({ schema, name }) => `TABLE DATA ${oneLine(schema)} ${oneLine(name)} `)
  return chosenEntries(
    list,
    (rest) => rest.startsWith('SEQUENCE SET ') || wanted.some((begin) => rest.startsWith(begin)),
  )
}

const oneLine = (name: string) => name.replaceAll(/[\r\n]/g, ' ')

const chosenEntries = (list: string, isWanted: (rest: string) => boolean): string =>
  list
    .split('\n')
    .flatMap((line) => {
      const [, number, rest = ''] = entry.exec(line) ?? []
      return number !== undefined && isWanted(rest) ? [`${number};\n`] : []
    })
    .join('')

/** All rows of a table; of one that others inherit from, its own alone. */
const rowsOf = (table: Relation) =>
  `SELECT * FROM ${table.isPartitioned ? '' : 'ONLY '}${quotedName(table)}`

/** Copies tables into a schema of their own, without anything that would tie them to live ones. */
export const besideStatements = (schema: string, tables: Relation[]): string[] => [
  `CREATE SCHEMA ${quoted(schema)}`,
  ...tables.map(
    (table) => `CREATE TABLE ${quotedName({ schema, name: table.name })} AS ${rowsOf(table)}`,
  ),
]

export const csvStatement = (table: Relation): string =>
  `COPY (${rowsOf(table)}) TO STDOUT WITH (FORMAT csv, HEADER true)`

/**
 * What stands before and after the dump of tables. A dump as it is would go on after its first error and
 * add its rows to a table that is there: this one is taken in whole or not at all.
 */
export const aroundDump = (id: string, beside: string | null) => ({
  before: `-- Tables of the backup ${id}, for psql: all of it or nothing.
\\set ON_ERROR_STOP on
BEGIN;
${beside === null ? '' : `CREATE SCHEMA IF NOT EXISTS ${quoted(beside)};\n`}`,
  after: 'COMMIT;\n',
})

/** The schema must be the restored tables' own, or they would meet others of their names. */
export const refuseSchema = (schema: string) =>
  misused(
    `The backup has a schema ${quoted(schema)} itself; what stands beside live tables needs one of its own.`,
    ['Choose another name, such as: --beside rescued'],
  )
