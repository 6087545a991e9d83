import type { Engine } from '../io/engine/engine.ts'
import { holding, withData } from '../data/lock.run.ts'
import { openDoor } from '../io/registry/door.ts'
import { execute, type ExecuteDoors } from '../plan/execute.ts'
import type { RunEvent } from '../plan/event.ts'
import { journalled } from '../plan/journal.ts'
import type { AnyStep } from '../plan/kinds.ts'
import type { Plan } from '../plan/plan.ts'
import { scopeKind } from '../plan/scope.ts'
import { Problem } from '../problem/problem.ts'
import { planAbort } from '../release/recover/abort.plan.ts'
import { basisOf } from '../release/basis.ts'
import { inspect } from '../release/inspect.ts'
import { shipRegistry } from '../release/names.ts'
import { testDoor } from './door.run.ts'
import { openJournal } from './journal.run.ts'
import { takeLock } from './lock.run.ts'
import type { ExecuteParams, ExecuteResult, RunNotice } from './methods.ts'
import { runners } from './runners.ts'

const now = () => Date.now()
/** Whom a run tells how it goes; nobody need be listening. */
export type Tell = (notice: RunNotice) => void

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/**
 * Runs a plan from lock to journal's end. It belongs to the server from here on: whether the laptop
 * still listens changes nothing. What fails before the release counts is put back at once.
 */
export const runPlan = async (
  engine: Engine,
  tell: Tell,
  params: ExecuteParams,
): Promise<ExecuteResult> => {
  const { plan, by } = params
  const at = new Date(now()).toISOString()
  const lock = await takeLock(plan.scope, by, plan.verb, at)
  try {
    return await withDataOf(plan, tell, () => runAlone(engine, tell, params, at))
  } finally {
    await lock.release()
  }
}

const dataWaitMs = 6 * 3_600_000

/**
 * A run that changes what is live has the project's data from its first step to its last: a backup that its
 * timer began in between would keep a stopped app waiting, and what puts it back too.
 */
const withDataOf = <Result>(
  plan: Plan,
  tell: Tell,
  act: () => Promise<Result>,
): Promise<Result> => {
  const restores = plan.steps.find(({ kind }) => kind.startsWith('restore.'))
  if (!restores || scopeKind(plan.scope) !== 'project') return act()
  const note = (text: string) => tell({ type: 'step.note', id: plan.steps[0]!.id, text })
  const signal = AbortSignal.timeout(dataWaitMs)
  return withData(plan.scope, { signal, sleep, note, now, step: restores }, act)
}

const runAlone = async (
  engine: Engine,
  tell: Tell,
  params: ExecuteParams,
  at: string,
): Promise<ExecuteResult> => {
  const { plan, by } = params
  await refuseStale(engine, plan)
  const journal = await openJournal(plan.scope, plan.verb, at)
  await journal.write({ type: 'run.started', at, plan: journalled(plan), by })
  const door = testDoor()
  const doors: ExecuteDoors = {
    engine,
    now,
    sleep,
    record: async (event) => {
      try {
        await journal.write(event)
      } finally {
        tell(event)
      }
    },
    ...(door ? { door } : {}),
  }
  const result = await holding(plan.scope, () =>
    withShipDoor(params, doors, () => attempt(plan, doors, tell)),
  )
  const ended = new Date(now()).toISOString()
  // How it went is told all the same where the disk has no room for it.
  await journal
    .write({ type: 'run.ended', at: ended, outcome: result.outcome })
    .catch(() => undefined)
  await journal.close().catch(() => undefined)
  return result
}

const attempt = async (plan: Plan, doors: ExecuteDoors, tell: Tell): Promise<ExecuteResult> => {
  tell({ type: 'plan', title: plan.title, steps: plan.steps })
  const result = await execute(plan.steps, runners, doors)
  if (result.ok) return { outcome: 'done' }
  const { step, problem } = result
  const steps = await stepsBack(doors.engine, plan, problem.detail)
  if (steps.length === 0) return { outcome: 'failed', step, problem, reverted: 'nothing-to-do' }
  tell({ type: 'plan', title: 'putting back what was', steps })
  // A way back that cannot be written down is still the way back.
  const record = (event: RunEvent) => doors.record(event).catch(() => undefined)
  const back = await execute(steps, runners, { ...doors, record })
  return { outcome: 'failed', step, problem, reverted: back.ok ? 'done' : 'failed' }
}

const stepsBack = async (engine: Engine, plan: Plan, problem: string): Promise<AnyStep[]> => {
  if (scopeKind(plan.scope) !== 'project') return []
  const { observed } = await inspect(engine, { project: plan.scope, references: [], images: [] })
  const failed = observed.releases.find(
    ({ state, number }) => state === 'starting' && number !== observed.current,
  )
  return failed ? planAbort(observed, failed, problem) : []
}

const withShipDoor = async <Result>(
  params: ExecuteParams,
  doors: ExecuteDoors,
  act: () => Promise<Result>,
): Promise<Result> => {
  const pulls = params.plan.steps.some(
    (step) => step.kind === 'image.pull' && step.params.reference.startsWith(shipRegistry),
  )
  if (!pulls || !params.shipSocket) return act()
  const first = params.plan.steps[0]!.id
  const door = await openDoor(shipRegistry, { path: params.shipSocket }, (text) => {
    doors.record({ type: 'step.note', id: first, text }).catch(() => undefined)
  })
  try {
    return await act()
  } finally {
    door.close()
  }
}

const refuseStale = async (engine: Engine, plan: Plan) => {
  if (scopeKind(plan.scope) !== 'project') return
  const { observed } = await inspect(engine, { project: plan.scope, references: [], images: [] })
  if (basisOf(observed) === plan.basis) return
  throw new Problem({
    code: 'plan/stale',
    summary: 'The server has changed since the plan was made; nothing was done.',
    detail: `Something about ${plan.scope} is no longer as it was when the plan was shown.`,
    fix: [`zarpe ${plan.verb}`],
  })
}
