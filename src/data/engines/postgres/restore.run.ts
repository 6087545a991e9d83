import { cores } from '../../../io/host/machine/resources.ts'
import { Problem } from '../../../problem/problem.ts'
import { processesOf } from '../../backup/processes.ts'
import type { DataContext, Loss, Swap } from '../../engine.ts'
import type { PostgresContents } from '../../held.ts'
import type { Expectation, PostgresDataset } from '../../model.ts'
import { differencesOf } from './compare.ts'
import { isLive, notBeside } from '../aside-problems.ts'
import { nameOf } from '../tables.ts'
import { type LiveDoor, withLive } from './door.run.ts'
import { listTables, sortTables } from './look.run.ts'
import { createDatabase, look, restoreDump, restoreRoles, unmet } from './rebuild.run.ts'
import { type SqlSession, withSession } from './session.run.ts'
import { countUpTo, literal, quoted, readers, steadySettings } from './sql.ts'
import { copySettings } from './settings.run.ts'

/** A database that every server has; one that is being renamed cannot be the one a session is in. */
const elsewhere = ({ database }: LiveDoor) => (database === 'postgres' ? 'template1' : 'postgres')

const namesThere = async (session: SqlSession) => {
  const rows = await session.rows<{ name: string }>(
    'SELECT datname AS name FROM pg_catalog.pg_database',
  )
  return new Set(rows.map(({ name }) => name))
}

/**
 * Restores into a database beside the live one, in the same server, and compares all of it. What an
 * earlier try left under the name is removed first: it was never put in anybody's place.
 */
export const load = (
  dataset: PostgresDataset,
  held: PostgresContents,
  beside: string,
  context: DataContext,
): Promise<string[]> =>
  withLive(dataset, context, async (door) => {
    refuseOther(door, held.database)
    await restoreRoles(door, held, elsewhere(door), context.folder)
    await withSession(door, elsewhere(door), async (session) => {
      await session.run(`DROP DATABASE IF EXISTS ${quoted(beside)} WITH (FORCE)`)
      await createDatabase(session, beside, held)
    })
    context.note(`restoring into ${beside}`)
    // Whoever restores waits for it.
    const jobs = processesOf(dataset.jobs, cores())
    await restoreDump(door, beside, jobs)
    // Names of roles and extensions of a live server may differ from those of a bare one; rows may not.
    const how = { jobs, schema: false }
    const differences = differencesOf(held, await look(door, beside, how, context.note))
    if (differences.length > 0) return differences
    await withSession(door, elsewhere(door), (session) =>
      copySettings(session, door.database, beside),
    )
    // Indexes of expressions may call what only the database's own path leads to.
    await withSession(door, beside, (session) => session.run('ANALYZE'), 'database')
    return []
  })

/**
 * Gives the restored database the live one's name: both names change in one transaction, and whoever
 * connects again finds the restored data. Nothing is closed before, so that a kill at any moment leaves
 * either all as it was or all done: a rename keeps new sessions waiting by itself, and waits some seconds
 * for those that are there, which are ended meanwhile.
 */
export const swap = (
  dataset: PostgresDataset,
  names: Swap & { beside: string },
  context: DataContext,
): Promise<void> =>
  withLive(dataset, context, (door) =>
    withSession(door, elsewhere(door), async (session) => {
      const { live, beside, aside } = names
      refuseOther(door, live)
      const there = await namesThere(session)
      if (!there.has(beside) && there.has(aside) && there.has(live)) return
      if (!there.has(beside)) throw notBeside(beside)
      const rename = (from: string, to: string) =>
        `ALTER DATABASE ${quoted(from)} RENAME TO ${quoted(to)}`
      const both = [...(there.has(live) ? [rename(live, aside)] : []), rename(beside, live)]
      await withSession(door, elsewhere(door), async (other) => {
        const renamed = session.run(`BEGIN;\n${both.join(';\n')};\nCOMMIT`)
        const failed = await endWhile(renamed, () => other.run(endSessions([live, beside])))
        // Whatever could not be ended may have gone by itself: the rename alone tells how it went.
        await renamed.catch((error: unknown) => {
          throw failed ?? error
        })
      })
    }),
  )

const endEveryMs = 200

/** Ends sessions again and again until a rename has come through or given up. Returns why it could not. */
const endWhile = async (renamed: Promise<void>, end: () => Promise<void>): Promise<unknown> => {
  const over = renamed.then(
    () => true,
    () => true,
  )
  const pause = () => new Promise<false>((resolve) => setTimeout(() => resolve(false), endEveryMs))
  try {
    do await end()
    while (!(await Promise.race([over, pause()])))
    return null
  } catch (error) {
    await over
    return error
  }
}

/** The rename itself ends what the server runs of its own. */
const endSessions = (names: string[]) =>
  `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
WHERE datname IN (${names.map(literal).join(', ')}) AND backend_type <> 'autovacuum worker'`

export const there = (
  dataset: PostgresDataset,
  name: string,
  context: DataContext,
): Promise<boolean> =>
  withLive(dataset, context, (door) =>
    withSession(door, elsewhere(door), async (session) => (await namesThere(session)).has(name)),
  )

export const discard = (
  dataset: PostgresDataset,
  name: string,
  context: DataContext,
): Promise<void> =>
  withLive(dataset, context, async (door) => {
    if (name === door.database) throw isLive(name)
    await withSession(door, elsewhere(door), (session) =>
      session.run(`DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`),
    )
  })

/** Rows that are counted of one table before its statistics are believed. */
const weighedRowsMax = 5_000_000

/**
 * Counts the live tables; one that has too many rows to count is estimated by the server's statistics. Live
 * data that is gone has no rows: that is what a restore is for.
 */
export const weigh = (
  dataset: PostgresDataset,
  held: PostgresContents,
  context: DataContext,
): Promise<Loss[]> =>
  withLive(dataset, context, async (door) => {
    const isThere = await withSession(door, elsewhere(door), async (session) =>
      (await namesThere(session)).has(door.database),
    )
    const live = isThere
      ? await withSession(door, door.database, countLive)
      : new Map<string, number>()
    const before = new Map(held.tables.map((table) => [nameOf(table), table.rows]))
    return [...new Set([...live.keys(), ...before.keys()])].map((what) => ({
      what,
      rowsNow: live.get(what) ?? 0,
      rowsThen: before.get(what) ?? 0,
    }))
  })

const countLive = async (session: SqlSession): Promise<Map<string, number>> => {
  await session.run(steadySettings)
  await session.run(readers(1))
  await session.run('SET default_transaction_read_only = on')
  const { counted } = sortTables(await listTables(session))
  const rows = new Map<string, number>()
  for (const table of counted) {
    const [row] = await session.rows<{ rows: string }>(countUpTo(table, weighedRowsMax))
    rows.set(nameOf(table), Number(row!.rows))
  }
  return rows
}

/** A question of the user's changes nothing, and ends. */
const carefully = `PGOPTIONS=-c default_transaction_read_only=on -c statement_timeout=120000`

export const expect = (
  dataset: PostgresDataset,
  expectations: Expectation[],
  context: DataContext,
): Promise<string[]> =>
  withLive(dataset, context, (door) =>
    unmet({ ...door, env: [...door.env, carefully] }, door.database, expectations),
  )

/** The app may use another database by now; to put a backup of the former one there is not a restore. */
const refuseOther = ({ database }: LiveDoor, name: string) => {
  if (name === database) return
  throw new Problem({
    code: 'data/other-database',
    summary: 'The backup is of another database than the app uses.',
    detail: `The backup is of "${name}"; what zarpe.yml and the values say now is "${database}".`,
    fix: ['Bring it back by hand: docs/formats/backup.md', 'zarpe backup list'],
  })
}
