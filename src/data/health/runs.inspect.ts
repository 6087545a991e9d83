import { isUnderWay } from '../../io/host/units.ts'
import { backupUnit } from '../timers.ts'
import type { ObservedRun } from './model.ts'
import { readRuns } from './runs.run.ts'

/** The last run of each timer, and whether it was cut off. */
export const inspectRuns = async (project: string): Promise<ObservedRun[]> => {
  const runs = await readRuns(project)
  return Promise.all(
    runs.map(async (run) => ({
      ...run,
      isCut: run.endedAt === null && !(await isUnderWay(backupUnit(project, run.dataset))),
    })),
  )
}
