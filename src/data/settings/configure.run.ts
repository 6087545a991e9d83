import { installUnits, removeUnits } from '../../io/host/machine/units.ts'
import type { Runner } from '../../plan/runner.ts'
import { keepRunsOf } from '../health/runs.run.ts'
import { removeReplaced } from '../provision/replaced.run.ts'
import { readSettings, removeSettings, writeSettings } from './settings.run.ts'
import { isTimerOf, unitsOf } from './timers.ts'
import { leaveLog } from '../wal/leave.run.ts'

/** No fingerprint of anything. */
const unfinished = 'unfinished'

/** Writes the settings and makes the timers be exactly those that they ask for. */
export const runConfigure: Runner<'data.configure'> = async (params, context) => {
  const { settings, fingerprint } = params
  const { project, datasets } = settings
  const former = (await readSettings(project))?.settings.datasets ?? []
  // They count as written only when the timers are there too: who is cut off in between does it again.
  await writeSettings(settings, unfinished)
  const wanted = datasets.flatMap((dataset) => unitsOf(project, dataset))
  const names = new Set(wanted.flatMap(({ timer, service }) => [timer.name, service.name]))
  await removeUnits((name) => isTimerOf(project, name) && !names.has(name))
  await installUnits(wanted)
  const timed = datasets.filter(({ at }) => at.length > 0).map(({ name }) => name)
  await keepRunsOf(project, timed)
  for (const dataset of former.filter(({ name }) => !timed.includes(name)))
    if (dataset.kind === 'cluster') await leaveLog(project, dataset, context)
  await writeSettings(settings, fingerprint)
}

/** Backups end with the app; those that were taken stay. */
export const runUnconfigure: Runner<'data.unconfigure'> = async ({ project }, context) => {
  await removeUnits((name) => isTimerOf(project, name))
  for (const dataset of (await readSettings(project))?.settings.datasets ?? [])
    if (dataset.kind === 'cluster') await leaveLog(project, dataset, context)
  await removeSettings(project)
  await removeReplaced(project)
  await keepRunsOf(project, [])
}
