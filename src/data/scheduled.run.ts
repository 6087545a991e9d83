import type { ExecuteResult } from '../agent/methods.ts'
import type { Plan } from '../plan/plan.ts'
import { Problem } from '../problem/problem.ts'
import { planBackup } from './backup.plan.ts'
import { inspectData } from './inspect.ts'
import { inTurn } from './lock.run.ts'
import { settingsOf } from './settings.run.ts'

const turnLimitMs = 6 * 3_600_000

/** Plans and runs the backup of one dataset as its timer wants it; throws what went wrong. */
export const runScheduled = (
  { project, dataset }: { project: string; dataset: string },
  execute: (plan: Plan) => Promise<ExecuteResult>,
): Promise<void> =>
  inTurn(turnLimitMs, sleep, async () => {
    await settingsOf(project)
    const observed = await inspectData(project)
    const plan = planBackup(observed, {
      datasets: [dataset],
      reason: 'schedule',
      at: observed.now,
      title: `backup of ${dataset} of ${project}`,
    })
    const result = await execute(plan)
    if (result.outcome === 'failed') throw new Problem(result.problem)
  })

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
