import type { RunContext, Runner } from '../../plan/runner.ts'
import { insideDoor } from '../engines/postgres/inside.run.ts'
import { servingAs } from '../engines/service.run.ts'
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
  context,
) => {
  const back = verifiersAt(await readReplaced(project), to)
  await givePasswords(project, back, context, async (own, now) => {
    if (release !== null) await rememberReplaced(project, replacedBy(release, own, now))
  })
  if (release === null) await forgetReplaced(project, to)
}

/**
 * Gives roles these verifiers, after `before` has been told what they have now. Whoever is gone needs none: a role that was
 * dropped, or a service that neither this release nor the one before it has.
 */
export const givePasswords = async (
  project: string,
  roles: Replaced[],
  { engine, signal, note }: Pick<RunContext, 'engine' | 'signal' | 'note'>,
  before: (own: Replaced[], now: Verifiers) => Promise<void>,
) => {
  for (const [source, own] of Map.groupBy(roles, (each) => JSON.stringify(each.source))) {
    const service = JSON.parse(source) as ServiceSource
    if (!(await servingAs(engine, project, service.service))) {
      note(`no service "${service.service}" runs`)
      continue
    }
    const options = { signal, settings: changingSettings }
    const door = await insideDoor(engine, project, service, options)
    // Roles are of the server: the database that they were for may be gone.
    await withSession(door, 'postgres', async (session) => {
      await session.run(unlogged)
      const now = await verifiersNow(session, own)
      await before(own, now)
      for (const { role, verifier } of own.filter((each) => now.has(each.role)))
        await session.run(
          `ALTER ROLE ${quoted(role)} PASSWORD ${verifier === null ? 'NULL' : literal(verifier)}`,
        )
    })
  }
}

type Verifiers = Map<string, string | null>

/** Of the roles that are still there. */
const verifiersNow = async (session: SqlSession, roles: Replaced[]): Promise<Verifiers> => {
  const names = roles.map(({ role }) => literal(role)).join(', ')
  const rows = await session.rows<{ name: string; verifier: string | null }>(
    `SELECT rolname AS name, rolpassword AS verifier FROM pg_catalog.pg_authid WHERE rolname IN (${names})`,
  )
  return new Map(rows.map(({ name, verifier }) => [name, verifier]))
}

const replacedBy = (release: number, roles: Replaced[], now: Verifiers): Replaced[] =>
  roles
    .filter(({ role, verifier }) => now.has(role) && now.get(role) !== verifier)
    .map((each) => ({ ...each, release, verifier: now.get(each.role)! }))
