import { isUnderWay } from '../../io/host/machine/units.ts'
import { backupUnit } from '../settings/timers.ts'
import type { ObservedRuns } from './model.ts'
import { readRuns } from './runs.run.ts'

/** The last runs of each timer, and whether the one that has begun was cut off. */
export const inspectRuns = async (project: string): Promise<ObservedRuns[]> => {
  const runs = await readRuns(project)
  return Promise.all(
    runs.map(async (each) => ({
      ...each,
      isCut: each.running !== null && !(await isUnderWay(backupUnit(project, each.dataset))),
    })),
  )
}
