import { randomBytes } from 'node:crypto'
import type { Runner } from '../../plan/runner.ts'
import { Problem } from '../../problem/problem.ts'
import { type InsideDoor, insideDoor } from '../engines/postgres/inside.run.ts'
import { withSession } from '../engines/postgres/session.run.ts'
import { quoted } from '../engines/postgres/sql.ts'
import { type Change, changesOf } from './changes.ts'
import { hasDatabase, readState } from './look.run.ts'
import type { ProvisionWanted } from './model.ts'
import { rememberReplaced } from './replaced.run.ts'
import { scramVerifier } from './scram.ts'
import { addressesOf, untilSettled } from './settled.run.ts'
import { refuseUnavailable } from './unavailable.ts'

export const changingSettings = { lock_timeout: '20000', statement_timeout: '60000' }

/** Makes what a database lacks, all of it or nothing, and looks again whether it is there. */
export const runProvision: Runner<'data.provision'> = async (
  { project, wanted, release, makeSchemas },
  { engine, signal, note, sleep },
) => {
  const door = await insideDoor(engine, project, wanted.source, {
    signal,
    settings: changingSettings,
  })
  await untilSettled({ signal, sleep }, () => addressesOf(door))
  await ensureDatabase(door, wanted)
  await withSession(door, door.database, async (session) => {
    const options = { verifierOf: newVerifier, makeSchemas }
    const state = await readState(session, wanted)
    refuseUnavailable(wanted, state)
    const changes = changesOf(wanted, state, options)
    if (release !== null) await remember(project, release, wanted, changes)
    if (changes.length === 0) return
    await session.run(unlogged)
    await session.run('BEGIN')
    for (const statement of changes.flatMap(({ statements }) => statements))
      await session.run(statement)
    await session.run('COMMIT')
    note(changes.map(({ words }) => words).join(', '))
    const left = changesOf(wanted, await readState(session, wanted), options)
    if (left.length > 0) throw notProvisioned(wanted.dataset, left)
  })
}

const newVerifier = (password: string) => scramVerifier(password, randomBytes(16))

/** The statements hold verifiers: a superuser's session keeps them out of the log, of statistics and of who does what, which a role that monitors may read. */
export const unlogged = `
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;
SET log_min_duration_sample = -1;
SET log_transaction_sample_rate = 0;
SET log_duration = off;
SET track_activities = off;
SET pg_stat_statements.track_utility = off`

const ensureDatabase = async (door: InsideDoor, wanted: ProvisionWanted) => {
  if (await hasDatabase(door, wanted)) return
  await withSession(door, 'postgres', (session) =>
    session.run(`CREATE DATABASE ${quoted(door.database)}`),
  )
}

const remember = (project: string, release: number, wanted: ProvisionWanted, changes: Change[]) => {
  const { dataset, source } = wanted
  const replaced = changes.flatMap(({ replaces }) =>
    replaces ? [{ dataset, release, source, ...replaces }] : [],
  )
  return rememberReplaced(project, replaced)
}

const notProvisioned = (dataset: string, left: Change[]) =>
  new Problem({
    code: 'data/not-provisioned',
    summary: 'A database still lacks something that was made in it.',
    detail: `After everything was done, "${dataset}" lacks: ${left.map(({ words }) => words).join(', ')}.`,
    fix: ['zarpe deploy'],
  })
