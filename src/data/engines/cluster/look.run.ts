import { commandIn } from '../../../io/engine/command.ts'
import type { DataContext } from '../../engine.ts'
import { type PostgresDoor, withSession } from '../postgres/session.run.ts'
import { isoTime } from '../postgres/sql.ts'

/** Every server has it, also one whose other databases were all dropped. */
export const anywhere = 'template1'

export const databasesQuery =
  'SELECT datname AS name FROM pg_catalog.pg_database WHERE NOT datistemplate ORDER BY datname'

export const databasesIn = (door: PostgresDoor): Promise<string[]> =>
  withSession(door, anywhere, async (session) =>
    (await session.rows<{ name: string }>(databasesQuery)).map(({ name }) => name),
  )

/** When the last transaction was committed that was recovered; null if there was none after the copy began. */
export const lastCommit = (door: PostgresDoor): Promise<string | null> =>
  withSession(door, anywhere, async (session) => {
    const [row] = await session.rows<{ at: string | null }>(
      `SELECT ${isoTime('pg_catalog.pg_last_xact_replay_timestamp()')} AS at`,
    )
    return row?.at ?? null
  })

/** As a shell and the engine say that there is no such program. */
const [notExecutable, notFound] = [126, 127]

/** Reads every table and index of every database, by PostgreSQL's own check, and returns what is not as it must be. */
export const damageIn = async (door: PostgresDoor, context: DataContext): Promise<string[]> => {
  const { engine, container, user, env, signal } = door
  const argv = ['pg_amcheck', '--all', '--install-missing', `--jobs=${context.processes ?? 2}`]
  const { code, stdout, stderr } = await commandIn(engine, container, { argv, user, env, signal })
  if (code === 0) return []
  const said = `${stdout}\n${stderr}`.split('\n').filter(Boolean)
  const isLacking = (line: string) =>
    /extension "?amcheck"? is not available|amcheck\.control/.test(line)
  if (code === notExecutable || code === notFound || said.some(isLacking)) {
    context.note('the image has no pg_amcheck: tables were not read one by one')
    return []
  }
  return said.slice(0, 20).map((line) => line.slice(0, 300))
}
