import type { Engine } from '../../io/engine/engine.ts'
import { Problem } from '../../problem/problem.ts'
import { carefulSettings, insideDoor } from '../engines/postgres/inside.run.ts'
import { type PostgresDoor, type SqlSession, withSession } from '../engines/postgres/session.run.ts'
import { literal } from '../engines/postgres/sql.ts'
import { changesOf } from './changes.ts'
import type { ProvisionSeen, ProvisionWanted } from './model.ts'
import { type ProvisionState, stateQuery } from './state.ts'

const lookLimitMs = 10_000

/** How each database differs from what is wanted of it. One that does not answer in time is not known. */
export const lookAtProvision = (
  engine: Engine,
  project: string,
  wanted: ProvisionWanted[],
): Promise<ProvisionSeen[]> =>
  Promise.all(
    wanted.map(async (each) => ({
      dataset: each.dataset,
      // Why it could not be asked is told by the step that then makes it.
      missing: await missingIn(engine, project, each).catch(() => null),
    })),
  )

const missingIn = async (engine: Engine, project: string, wanted: ProvisionWanted) => {
  const signal = AbortSignal.timeout(lookLimitMs)
  const options = { signal, settings: carefulSettings }
  const door = await insideDoor(engine, project, wanted.source, options)
  if (!(await hasDatabase(door, wanted))) return [`database ${wanted.source.database}`]
  return withSession(door, door.database, async (session) => {
    const state = await readState(session, wanted)
    // Only what would change is told, not how.
    const changes = changesOf(wanted, state, { verifierOf: () => '', makeSchemas: true })
    return changes.map(({ words }) => words)
  })
}

/** A database that the image was not told of may not be there yet. */
export const hasDatabase = async (
  door: PostgresDoor,
  { source: { database } }: ProvisionWanted,
): Promise<boolean> => {
  if (database === null) return true
  return withSession(door, 'postgres', async (session) => {
    const found = await session.rows(
      `SELECT FROM pg_catalog.pg_database WHERE datname = ${literal(database)}`,
    )
    return found.length > 0
  })
}

/** Refuses a user who may not read what passwords are checked by. */
export const readState = async (
  session: SqlSession,
  wanted: ProvisionWanted,
): Promise<ProvisionState> => {
  const [me] = await session.rows<{ name: string; super: boolean }>(
    'SELECT rolname AS name, rolsuper AS super FROM pg_catalog.pg_roles WHERE rolname = current_user',
  )
  if (!me?.super) throw notSuperuser(wanted.dataset, me?.name ?? 'nobody')
  const [state] = await session.rows<ProvisionState>(stateQuery(wanted))
  return state!
}

const notSuperuser = (dataset: string, user: string) =>
  new Problem({
    code: 'data/not-superuser',
    summary: 'The user of a database may not make roles and rights in it.',
    detail: `"${user}", as whom the service of "${dataset}" was set up, is no superuser.`,
    fix: [
      'Name a superuser in `POSTGRES_USER` of the service, or take `provision` out of zarpe.yml.',
    ],
  })
