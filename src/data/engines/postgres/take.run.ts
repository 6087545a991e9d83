import { messageOf, Problem } from '../../../problem/problem.ts'
import type { DataContext } from '../../engine.ts'
import type { PostgresContents } from '../../held.ts'
import type { PostgresDataset } from '../../model.ts'
import { heldTo } from '../rate.run.ts'
import { withLive, type LiveDoor } from './door.run.ts'
import { workPath } from '../places.ts'
import {
  countLargeObjects,
  countTables,
  listTables,
  readExtensions,
  readSequences,
  sortTables,
} from './look.run.ts'
import { schemaDigest } from './schema-text.ts'
import { openSession, program, type SqlSession } from './session.run.ts'
import {
  databaseQuery,
  type DatabaseRow,
  lockTables,
  readers,
  rolesQuery,
  sizeQuery,
  steadySettings,
  type TableRow,
  versionQuery,
} from './sql.ts'
import { refuseOlder } from './version.ts'

/** How often the snapshot is tried again when a table came or went just then. */
const triesMax = 3

/**
 * Dumps a database and counts it in one and the same snapshot, while others write. The counting goes
 * on beside the dump.
 */
export const take = (dataset: PostgresDataset, context: DataContext): Promise<PostgresContents> =>
  withLive(dataset, context, async (door) => {
    const session = await openSession(door, door.database)
    try {
      const [row] = await session.rows<{ version: number }>(versionQuery)
      const { version } = row!
      refuseOlder(dataset.name, version)
      return await inSnapshot(session, (snapshot, tables) =>
        dumpAndCount(dataset, door, session, { snapshot, tables, version }, context),
      )
    } finally {
      await session.close()
    }
  })

/**
 * A transaction whose snapshot others can share. Tables are locked before the snapshot is taken: one
 * that is truncated in between would be empty for the dump and full for nobody.
 */
const inSnapshot = async <Result>(
  session: SqlSession,
  act: (snapshot: string, tables: TableRow[]) => Promise<Result>,
): Promise<Result> => {
  await session.run(steadySettings)
  await session.run(readers(1))
  for (let tries = 1; ; tries++) {
    const before = await listTables(session)
    await session.run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await session.run(lockTables(before))
    const [exported] = await session.rows<{ snapshot: string }>(
      'SELECT pg_catalog.pg_export_snapshot() AS snapshot',
    )
    const tables = await listTables(session)
    if (JSON.stringify(tables) === JSON.stringify(before)) {
      const result = await act(exported!.snapshot, tables)
      await session.run('COMMIT')
      return result
    }
    await session.run('ROLLBACK')
    if (tries >= triesMax) throw unsteady()
  }
}

type Snapshot = { snapshot: string; tables: TableRow[]; version: number }

const dumpAndCount = async (
  dataset: PostgresDataset,
  door: LiveDoor,
  session: SqlSession,
  { snapshot, tables, version }: Snapshot,
  context: DataContext,
): Promise<PostgresContents> => {
  const { counted, skipped } = sortTables(tables)
  const [database] = await session.rows<DatabaseRow>(databaseQuery(version))
  const before = await readSequences(session)
  // Neither of the two may outlive the other's failure: the session's end would take the snapshot away.
  const [dumped, found] = await Promise.allSettled([
    heldTo(dataset.rate, { ...door, note: context.note }, () =>
      dump(dataset, door, snapshot, version),
    ),
    countTables(session, counted, {
      onTable: (done, { schema, name }) =>
        context.note(`${done} of ${counted.length} tables counted, now ${schema}.${name}`),
      afterTable: dataset.rate === undefined ? undefined : waitingFor(session, context),
    }),
  ])
  if (dumped.status === 'rejected') throw dumped.reason
  if (found.status === 'rejected') throw found.reason
  context.note('the dump is written; definitions and roles follow')
  const largeObjects = await countLargeObjects(session)
  const schemaText = await program(door, [
    ...schemaOnly,
    `--snapshot=${snapshot}`,
    `--dbname=${door.database}`,
  ])
  await globals(door)
  const after = new Map((await sequencesNow(door)).map((each) => [keyOf(each), each.value]))
  const roles = await session.rows<{ name: string }>(rolesQuery)
  return {
    kind: 'postgres',
    version,
    image: door.image,
    database: database!.database,
    bytes: Number(database!.bytes),
    owner: database!.owner,
    encoding: database!.encoding,
    locale: {
      provider: database!.provider,
      collate: database!.collate,
      ctype: database!.ctype,
      locale: database!.locale,
      ...(database!.rules ? { rules: database!.rules } : {}),
    },
    tables: found.value,
    sequences: before.map((each) => ({
      schema: each.schema,
      name: each.name,
      before: each.value,
      after: after.get(keyOf(each)) ?? each.value,
    })),
    largeObjects,
    schemaSha256: schemaDigest(schemaText),
    extensions: await readExtensions(session),
    roles: roles.map(({ name }) => name),
    skipped,
  }
}

/** The next table is begun when the last one would have been read at the pace that is asked for. */
const waitingFor =
  (session: SqlSession, { pace, signal }: DataContext) =>
  async (table: TableRow) => {
    const [size] = await session.rows<{ bytes: string }>(sizeQuery(table))
    await pace?.(Number(size!.bytes), signal)
  }

const keyOf = ({ schema, name }: { schema: string; name: string }) => `${schema}\0${name}`

/** A session of its own: the one with the snapshot sees sequences too, but its catalogue is old. */
const sequencesNow = async (door: LiveDoor) => {
  const session = await openSession(door, door.database)
  try {
    await session.run(steadySettings)
    return await readSequences(session)
  } finally {
    await session.close()
  }
}

/** What two schemas are compared by. A subscription would begin to work where it is restored. */
export const schemaOnly = ['pg_dump', '--schema-only', '--no-subscriptions']

const dump = (dataset: PostgresDataset, door: LiveDoor, snapshot: string, version: number) =>
  program(door, [
    'pg_dump',
    '--format=directory',
    `--file=${workPath}/dump`,
    `--jobs=${dataset.jobs}`,
    `--snapshot=${snapshot}`,
    '--lock-wait-timeout=60s',
    // zstd came with 16. It carries no checksum of its own: the manifest's SHA-256 does.
    version >= 160_000 ? '--compress=zstd:3' : '--compress=4',
    `--dbname=${door.database}`,
  ])

/** Roles with their passwords where that is allowed, else without, as at most managed databases. */
const globals = async (door: LiveDoor) => {
  const argv = [
    'pg_dumpall',
    '--globals-only',
    `--file=${workPath}/globals.sql`,
    `--database=${door.database}`,
  ]
  try {
    await program(door, argv)
  } catch (error) {
    if (
      !(error instanceof Problem) ||
      !messageOf(error.data.evidence?.join(' ') ?? '').includes('pg_authid')
    )
      throw error
    await program(door, [...argv, '--no-role-passwords'])
  }
}

const unsteady = () =>
  new Problem({
    code: 'data/unsteady',
    summary: 'The database changed its tables while a backup was to begin.',
    detail: `Tables were made, changed or removed during each of ${triesMax} tries.`,
    fix: ['Take it again when no migration runs: zarpe backup now'],
  })
