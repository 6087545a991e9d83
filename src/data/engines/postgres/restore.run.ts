import { Problem } from '../../../problem/problem.ts'
import type { DataContext, Loss, Swap } from '../../engine.ts'
import type { Expectation, PostgresContents, PostgresDataset } from '../../model.ts'
import { differencesOf } from './compare.ts'
import { withLive } from './door.run.ts'
import { listTables, sortTables } from './look.run.ts'
import { createDatabase, look, restoreDump, restoreRoles, unmet } from './rebuild.run.ts'
import { openSession, type PostgresDoor, type SqlSession } from './session.run.ts'
import { literal, quoted, steadySettings } from './sql.ts'
import { copySettings } from './settings.run.ts'

/** Databases that every server has; one that is being renamed cannot be the one a session is in. */
const elsewhere = 'postgres'

const withSession = async <Result>(
  door: PostgresDoor,
  database: string,
  act: (session: SqlSession) => Promise<Result>,
): Promise<Result> => {
  const session = await openSession(door, database)
  try {
    return await act(session)
  } finally {
    await session.close()
  }
}

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
    await restoreRoles(door, held, elsewhere)
    await withSession(door, elsewhere, async (session) => {
      await session.run(`DROP DATABASE IF EXISTS ${quoted(beside)} WITH (FORCE)`)
      await createDatabase(session, beside, held)
    })
    context.note(`restoring into ${beside}`)
    await restoreDump(door, beside, dataset.jobs)
    const found = await look(door, beside, context.note)
    // Names of roles and extensions of a live server may differ from those of a bare one; rows may not.
    const differences = differencesOf(held, found, { schema: false })
    if (differences.length > 0) return differences
    await withSession(door, elsewhere, (session) => copySettings(session, door.database, beside))
    await withSession(door, beside, (session) => session.run('ANALYZE'))
    return []
  })

/**
 * Gives the restored database the live one's name. Sessions of the live one are ended, both names
 * change in one transaction, and whoever connects again finds the restored data.
 */
export const swap = (
  dataset: PostgresDataset,
  { live, beside, aside }: Swap & { beside: string },
  context: DataContext,
): Promise<void> =>
  withLive(dataset, context, (door) =>
    withSession(door, elsewhere, async (session) => {
      const there = await namesThere(session)
      if (!there.has(beside) && there.has(aside) && there.has(live)) return
      if (!there.has(beside)) throw notBeside(beside)
      const close = there.has(live)
        ? [`ALTER DATABASE ${quoted(live)} ALLOW_CONNECTIONS false`]
        : []
      for (const statement of close) await session.run(statement)
      try {
        await session.run(endSessions([live, beside]))
        const rename = (from: string, to: string) =>
          `ALTER DATABASE ${quoted(from)} RENAME TO ${quoted(to)}`
        const both = [...(there.has(live) ? [rename(live, aside)] : []), rename(beside, live)]
        await session.run(`BEGIN;\n${both.join(';\n')};\nCOMMIT`)
      } finally {
        await withSession(door, elsewhere, (again) => reopen(again, [live, aside]))
      }
    }),
  )

/** Whatever happened, nobody may be left shut out of a database that is there. */
const reopen = async (session: SqlSession, names: string[]) => {
  const there = await namesThere(session)
  for (const name of names.filter((each) => there.has(each)))
    await session.run(`ALTER DATABASE ${quoted(name)} ALLOW_CONNECTIONS true`)
}

const endSessions = (names: string[]) =>
  `SELECT pg_catalog.pg_terminate_backend(pid, 5000) FROM pg_catalog.pg_stat_activity
WHERE datname IN (${names.map(literal).join(', ')}) AND pid <> pg_catalog.pg_backend_pid()`

export const there = (
  dataset: PostgresDataset,
  name: string,
  context: DataContext,
): Promise<boolean> =>
  withLive(dataset, context, (door) =>
    withSession(door, elsewhere, async (session) => (await namesThere(session)).has(name)),
  )

export const discard = (
  dataset: PostgresDataset,
  name: string,
  context: DataContext,
): Promise<void> =>
  withLive(dataset, context, async (door) => {
    if (name === door.database) throw isLive(name)
    await withSession(door, elsewhere, (session) =>
      session.run(`DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`),
    )
  })

const weighLimit = '20s'

/** Counts the live tables; one that takes too long to count is estimated by the server's statistics. */
export const weigh = (
  dataset: PostgresDataset,
  held: PostgresContents,
  context: DataContext,
): Promise<Loss[]> =>
  withLive(dataset, context, (door) =>
    withSession(door, door.database, async (session) => {
      await session.run(steadySettings)
      await session.run(
        `SET default_transaction_read_only = on; SET statement_timeout = '${weighLimit}'`,
      )
      const { counted } = sortTables(await listTables(session))
      const before = new Map(
        held.tables.map((table) => [`${table.schema}.${table.name}`, table.rows]),
      )
      const losses: Loss[] = []
      for (const { schema, name } of counted) {
        const what = `${schema}.${name}`
        const [row] = await session.rows<{ rows: string }>(
          `SELECT count(*)::text AS rows FROM ONLY ${quoted(schema)}.${quoted(name)}`,
        )
        losses.push({ what, rowsNow: Number(row!.rows), rowsThen: before.get(what) ?? 0 })
        before.delete(what)
      }
      return [
        ...losses,
        ...[...before].map(([what, rows]) => ({ what, rowsNow: 0, rowsThen: rows })),
      ]
    }),
  )

export const expect = (
  dataset: PostgresDataset,
  expectations: Expectation[],
  context: DataContext,
): Promise<string[]> =>
  withLive(dataset, context, (door) => unmet(door, door.database, expectations))

const notBeside = (name: string) =>
  new Problem({
    code: 'data/not-beside',
    summary: 'The restored data is not there to be put in place.',
    detail: `The server has no database "${name}".`,
    fix: ['zarpe backup restore'],
  })

const isLive = (name: string) =>
  new Problem({
    code: 'data/is-live',
    summary: 'This is the live data.',
    detail: `"${name}" is what the app uses; only what a restore has put aside can be removed.`,
    fix: ['zarpe backup asides'],
  })
