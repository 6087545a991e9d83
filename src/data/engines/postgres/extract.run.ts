import { removePath, within, writeDurable } from '../../../io/host/files/durable.ts'
import { makeFolder } from '../../../io/host/files/files.ts'
import type { DataContext } from '../../engine.ts'
import {
  type Extracted,
  type Extraction,
  type ExtractForm,
  refuseDifferences,
} from '../../extract/extraction.ts'
import type { PostgresContents } from '../../held.ts'
import { chosenTables, refuseSameNames } from '../chosen-tables.ts'
import { nameOf, tableDifferences } from '../tables.ts'
import { workPath } from '../places.ts'
import { countTables, listTables, sortTables } from './look.run.ts'
import {
  addConstraint,
  afterRowsList,
  aroundDump,
  besideStatements,
  csvStatement,
  dataList,
  definitionList,
  dropConstraint,
  partitionedQuery,
  quotedName,
  refuseSchema,
  type Relation,
  type Unvalidated,
  unvalidatedQuery,
} from './part.ts'
import { emptyDatabase, restoreRoles } from './rebuild.run.ts'
import { withScratch } from './scratch.run.ts'
import { type PostgresDoor, program, type SqlSession, withSession } from './session.run.ts'
import { literal, quoted, steadySettings, type TableRow } from './sql.ts'

/** Everything of ours in the work folder, where nothing of the copy can lie under a name of it. */
const ownFolder = 'taken-out'
const pathInside = (name: string) => `${workPath}/${ownFolder}/${name}`

/** The rows of a table may be there several times: restored, in the log of the scratch server, beside. */
const roomFor = 3.5

type Restored = { door: PostgresDoor; database: string; session: SqlSession; context: DataContext }

/**
 * Takes tables out of a dump: restores all definitions and their rows alone into a throw-away server, compares
 * them with the manifest, and dumps them from there.
 */
export const extract = (
  held: PostgresContents,
  wanted: Extraction,
  context: DataContext,
): Promise<Extracted> =>
  withScratch(
    held,
    context,
    async (door) => {
      context.note('a throw-away server has started')
      const own = within(context.folder, ownFolder)
      await removePath(own)
      await makeFolder(own, { mode: 0o700 })
      await restoreRoles(door, held, 'postgres', context.folder)
      const database = await emptyDatabase(door, held)
      const list = await program(door, ['pg_restore', '--list', `${workPath}/dump`])
      await restoreListed({ door, database, context }, definitionList(list), ['--schema-only'])
      return withSession(door, database, async (session) => {
        await session.run(steadySettings)
        return takeOut({ door, database, session, context }, held, wanted, list)
      })
    },
    roomFor,
  )

const takeOut = async (
  restored: Restored,
  held: PostgresContents,
  { id, what, form }: Extraction,
  list: string,
): Promise<Extracted> => {
  const { session, context } = restored
  const { counted } = sortTables(await listTables(session))
  const parents = await session.rows<Omit<Relation, 'isPartitioned'>>(partitionedQuery)
  const relations: Relation[] = [
    ...counted.map(({ schema, name }) => ({
      ...{ schema, name, isPartitioned: false },
      members: [{ schema, name }],
    })),
    ...parents.map((parent) => ({ ...parent, isPartitioned: true })),
  ]
  const tables = chosenTables({ id, what, quoted }, relations, held.skipped)
  const names = new Set(tables.flatMap(({ members }) => members.map(quotedName)))
  const rows = counted.filter((table) => names.has(quotedName(table)))
  if (form.as === 'sql' && form.beside !== null)
    await refuseToStandThere(session, tables, form.beside)
  context.note('restoring the rows')
  const unvalidated = await withoutUnvalidated(session)
  await restoreListed(restored, dataList(list, rows), ['--data-only', '--disable-triggers'])
  for (const each of unvalidated) await session.run(addConstraint(each))
  await restoreListed(restored, afterRowsList(list), ['--schema-only'])
  const found = await compared(restored, held, rows)
  context.note('as the manifest says; writing them')
  const around = await write(restored, tables, id, form)
  return {
    file: within(context.folder, ownFolder, 'tables'),
    ...around,
    holds: tables.map((table) => {
      const own = new Set(table.members.map(quotedName))
      const count = found
        .filter((each) => own.has(quotedName(each)))
        .reduce((sum, each) => sum + each.rows, 0)
      return { what: nameOf(table), count, unit: 'row' }
    }),
  }
}

/** Takes away what rows of before need not meet, and returns it in the order in which it can be had again. */
const withoutUnvalidated = async (session: SqlSession): Promise<Unvalidated[]> => {
  const taken: Unvalidated[] = []
  for (;;) {
    const there = await session.rows<Unvalidated>(unvalidatedQuery)
    if (there.length === 0) return taken.toReversed()
    for (const each of there) await session.run(dropConstraint(each))
    taken.push(...there)
  }
}

/** Restores what a list names. Anything it cannot do ends it. */
const restoreListed = async (
  { door, database, context }: Omit<Restored, 'session'>,
  list: string,
  how: string[],
) => {
  await writeDurable(within(context.folder, ownFolder, 'list'), list)
  await program(door, [
    ...['pg_restore', '--exit-on-error', '--no-tablespaces', '--no-subscriptions', ...how],
    ...[`--use-list=${pathInside('list')}`, `--dbname=${database}`, `${workPath}/dump`],
  ])
}

/** Counts and digests what was restored; rows that are not those of the manifest are given to nobody. */
const compared = async (
  { session, context }: Restored,
  held: PostgresContents,
  rows: TableRow[],
): Promise<PostgresContents['tables']> => {
  const found = await countTables(session, rows, {
    onTable: (done, { schema, name }) =>
      context.note(`${done} of ${rows.length} tables compared, now ${schema}.${name}`),
  })
  const names = new Set(rows.map(quotedName))
  const wanted = held.tables.filter((table) => names.has(quotedName(table)))
  refuseDifferences(tableDifferences({ tables: wanted }, { tables: found }))
  return found
}

const write = async (
  { door, database, session }: Restored,
  tables: Relation[],
  id: string,
  form: ExtractForm,
): Promise<Pick<Extracted, 'before' | 'after'>> => {
  const to = pathInside('tables')
  if (form.as === 'csv') {
    const quietly = ['psql', '--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', `--output=${to}`]
    const commands = [steadySettings, csvStatement(tables[0]!)].map((sql) => `--command=${sql}`)
    await program(door, [...quietly, `--dbname=${database}`, ...commands])
    return { before: '', after: '' }
  }
  const beside = form.as === 'sql' ? form.beside : null
  const dumped =
    beside === null ? tables.flatMap(withMembers) : await copied(session, tables, beside)
  await program(door, [
    ...['pg_dump', '--strict-names', '--no-publications', '--no-subscriptions'],
    // What stands beside live tables belongs to whoever takes it in.
    ...(beside === null ? [] : ['--no-owner', '--no-privileges']),
    ...[`--file=${to}`, `--dbname=${database}`],
    ...[...new Set(dumped)].map((name) => `--table=${name}`),
  ])
  return aroundDump(id, beside)
}

const withMembers = (table: Relation) => [quotedName(table), ...table.members.map(quotedName)]

const refuseToStandThere = async (session: SqlSession, tables: Relation[], schema: string) => {
  refuseSameNames(tables, quoted)
  const [there] = await session.rows(
    `SELECT 1 AS there FROM pg_catalog.pg_namespace WHERE nspname = ${literal(schema)}`,
  )
  if (there) throw refuseSchema(schema)
}

const copied = async (session: SqlSession, tables: Relation[], schema: string) => {
  for (const statement of besideStatements(schema, tables)) await session.run(statement)
  return tables.map(({ name }) => quotedName({ schema, name }))
}
