import { takeLock } from '../agent/lock.run.ts'
import { withClaim } from '../io/host/files/claim.ts'
import type { RunContext } from '../plan/runner.ts'
import { dataScope } from '../plan/scope.ts'
import { Problem, problemsOf } from '../problem/problem.ts'

const pollMs = 1_000

/** Scopes that a run of this process holds already. */
const held = new Set<string>()

/** Says that a run of this process has a project's data for itself. */
export const holding = async <Result>(scope: string, act: () => Promise<Result>) => {
  held.add(scope)
  try {
    return await act()
  } finally {
    held.delete(scope)
  }
}

/** Has a project's data alone for as long as `act` takes; waits for a backup that is under way. */
export const withData = async <Result>(
  project: string,
  context: Pick<RunContext, 'signal' | 'sleep' | 'note' | 'now' | 'step'>,
  act: () => Promise<Result>,
): Promise<Result> => {
  const scope = dataScope(project)
  if (held.has(scope)) return act()
  for (let tries = 0; ; tries++) {
    const at = new Date(context.now()).toISOString()
    const lock = await takeLock(scope, 'zarpe', context.step.kind, at).catch((error: unknown) => {
      if (problemsOf(error)[0]?.code !== 'agent/locked') throw error
      if (tries === 0) context.note('another backup is under way; waiting for it')
      return null
    })
    if (lock)
      try {
        return await holding(scope, act)
      } finally {
        await lock.release()
      }
    if (context.signal.aborted) throw stillBusy(project)
    await context.sleep(pollMs)
  }
}

/** One scheduled backup on a server at a time: apps that share a machine do not compete at 03:00. */
export const inTurn = <Result>(
  limitMs: number,
  sleep: (ms: number) => Promise<void>,
  act: () => Promise<Result>,
): Promise<Result> => {
  const late = () => {
    throw noTurn(limitMs)
  }
  return withClaim('zarpe-backups-in-turn', { pollMs, within: { limitMs, late }, sleep }, act)
}

const noTurn = (limitMs: number) =>
  new Problem({
    code: 'data/no-turn',
    summary: 'A scheduled backup did not get its turn.',
    detail: `Backups of other apps on this server took more than ${limitMs / 3_600_000} h.`,
    fix: ['Spread the times in zarpe.yml (`backup.at`).'],
  })

const stillBusy = (project: string) =>
  new Problem({
    code: 'data/busy',
    summary: 'Another backup is still under way.',
    detail: `A backup of ${project} did not end in time.`,
    fix: ['zarpe backup list'],
  })
