import type { Runner } from '../../plan/runner.ts'
import { insideDoor } from '../engines/postgres/inside.run.ts'
import { type SqlSession, withSession } from '../engines/postgres/session.run.ts'
import { literal, quoted } from '../engines/postgres/sql.ts'
import type { ServiceSource } from '../model.ts'
import { changingSettings, unlogged } from './provision.run.ts'
import { forgetReplaced, readReplaced, rememberReplaced } from './replaced.run.ts'
import { type Replaced, verifiersAt } from './replaced.ts'

/**
 * Gives roles the passwords that they had while a release served. Done for another release, what is replaced is
 * remembered in turn; done to take releases back, what they had replaced is forgotten.
 */
export const runPasswordsBack: Runner<'data.passwords-back'> = async (
  { project, to, release },
  { engine, signal },
) => {
  const back = verifiersAt(await readReplaced(project), to)
  const bySource = Map.groupBy(back, ({ source }) => JSON.stringify(source))
  for (const [source, own] of bySource) {
    const options = { signal, settings: changingSettings }
    const door = await insideDoor(engine, project, JSON.parse(source) as ServiceSource, options)
    await withSession(door, door.database, async (session) => {
      await session.run(unlogged)
      const now = await verifiersNow(session, own)
      if (release !== null) await rememberReplaced(project, replacedBy(release, own, now))
      for (const { role, verifier } of own.filter((each) => now.has(each.role)))
        await session.run(
          `ALTER ROLE ${quoted(role)} PASSWORD ${verifier === null ? 'NULL' : literal(verifier)}`,
        )
    })
  }
  if (release === null) await forgetReplaced(project, to)
}

/** Of the roles that are still there. */
const verifiersNow = async (session: SqlSession, roles: Replaced[]) => {
  const names = roles.map(({ role }) => literal(role)).join(', ')
  const rows = await session.rows<{ name: string; verifier: string | null }>(
    `SELECT rolname AS name, rolpassword AS verifier FROM pg_catalog.pg_authid WHERE rolname IN (${names})`,
  )
  return new Map(rows.map(({ name, verifier }) => [name, verifier]))
}

const replacedBy = (
  release: number,
  roles: Replaced[],
  now: Map<string, string | null>,
): Replaced[] =>
  roles
    .filter(({ role, verifier }) => now.has(role) && now.get(role) !== verifier)
    .map((each) => ({ ...each, release, verifier: now.get(each.role)! }))
