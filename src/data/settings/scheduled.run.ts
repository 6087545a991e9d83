import type { ExecuteResult } from '../../agent/methods.ts'
import type { Plan } from '../../plan/plan.ts'
import { Problem, problemsOf } from '../../problem/problem.ts'
import { planBackup } from '../backup/backup.plan.ts'
import { rememberRun } from '../health/runs.run.ts'
import { inspectData } from '../catalogue/inspect.ts'
import { inTurn } from '../lock.run.ts'
import { settingsOf } from './settings.run.ts'

const turnLimitMs = 6 * 3_600_000

/** Plans and runs the backup of one dataset as its timer wants it; throws what went wrong. */
export const runScheduled = (
  { project, dataset }: { project: string; dataset: string },
  execute: (plan: Plan) => Promise<ExecuteResult>,
): Promise<void> =>
  rememberRun({ project, dataset }, () =>
    inTurn(turnLimitMs, sleep, () =>
      whenFree(async () => {
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
      }),
    ),
  )

const lockLimitMs = 3_600_000
const lockPollMs = 5_000

/** Somebody may be at the data when the time has come, such as with a restore: that is no reason to miss a backup. */
const whenFree = async (act: () => Promise<void>): Promise<void> => {
  for (let waitedMs = 0; ; waitedMs += lockPollMs)
    try {
      return await act()
    } catch (error) {
      if (problemsOf(error)[0]?.code !== 'agent/locked' || waitedMs >= lockLimitMs) throw error
      await sleep(lockPollMs)
    }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
