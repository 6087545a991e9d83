import { createHash } from 'node:crypto'
import { readText, removePath, within } from '../../../io/host/files/durable.ts'
import type { DataContext } from '../../engine.ts'
import type { MysqlContents } from '../../held.ts'
import { workPath } from '../places.ts'
import type { MysqlFound } from './compare.ts'
import { type MysqlDoor, type MysqlSession, runDump, withSession } from './session.run.ts'
import {
  type Column,
  columnsQuery,
  countQuery,
  type Hash,
  schemasQuery,
  steadyDefinitions,
  type TableRow,
  tablesQuery,
} from './sql.ts'

/** Which databases and tables there are. */
export type Outline = { schemas: string[]; tables: (TableRow & { columns: Column[] })[] }

export const outlineOf = async (session: MysqlSession): Promise<Outline> => {
  const schemas = (await session.rows(schemasQuery)).map(([name]) => name ?? '')
  const columns = await session.rows(columnsQuery)
  const tables = (await session.rows(tablesQuery)).map(([schema, name, engine, versioned]) => ({
    schema: schema ?? '',
    name: name ?? '',
    engine: engine ?? '',
    versioned: versioned === '1',
    columns: columns
      .filter((row) => row[0] === schema && row[1] === name)
      .map((row) => ({ name: row[2] ?? '', type: row[3] ?? '' })),
  }))
  return { schemas, tables }
}

/** Counts and digests tables in whatever snapshot the session has. */
export const countTables = async (
  session: MysqlSession,
  { tables, hash }: Pick<Outline, 'tables'> & { hash: Hash },
  note: DataContext['note'],
  /** Waited for before the next is begun. */
  afterTable?: (table: TableRow) => Promise<void>,
): Promise<MysqlContents['tables']> => {
  const counted: MysqlContents['tables'] = []
  for (const table of tables) {
    const { schema, name, columns } = table
    note(`${counted.length} of ${tables.length} tables counted, now ${schema}.${name}`)
    const [row] = await session.rows(countQuery(table, columns, hash))
    counted.push({ schema, name, rows: Number(row![0]), digest: row![1] ?? '' })
    await afterTable?.(table)
  }
  return counted
}

/** Of every definition, as the dump program writes it. */
export const definitionsOf = async (
  door: MysqlDoor,
  schemas: string[],
  { folder }: DataContext,
): Promise<string> => {
  if (schemas.length === 0) return ''
  const file = 'definitions.sql'
  const what = ['--no-data', '--routines', '--events', '--triggers', '--skip-dump-date']
  const how = ['--skip-lock-tables', '--no-tablespaces', '--default-character-set=utf8mb4']
  await runDump(door, [
    ...what,
    ...how,
    `--result-file=${workPath}/${file}`,
    '--databases',
    ...schemas,
  ])
  const text = steadyDefinitions((await readText(within(folder, file))) ?? '')
  await removePath(within(folder, file))
  return createHash('sha256').update(text).digest('hex')
}

/** All that a restored server holds, digested as the manifest of the original was. */
export const look = (
  door: MysqlDoor,
  held: Pick<MysqlContents, 'hash'>,
  context: DataContext,
): Promise<MysqlFound> =>
  withSession(door, async (session) => {
    const outline = await outlineOf(session)
    const { tables } = outline
    return {
      schemas: outline.schemas,
      tables: await countTables(session, { tables, hash: held.hash ?? 'md5' }, context.note),
      definitionsSha256: await definitionsOf(door, outline.schemas, context),
    }
  })
