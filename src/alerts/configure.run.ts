import { installUnits, removeUnits } from '../io/host/units.ts'
import type { Runner } from '../plan/runner.ts'
import { removeLedger } from './ledger.run.ts'
import { alertSettings } from './settings.run.ts'
import { isLookOf, lookUnits } from './timer.ts'

/** Writes whom to tell, and starts the timer that looks. */
export const runConfigure: Runner<'alerts.configure'> = async ({ settings, fingerprint }) => {
  const { project } = settings
  await alertSettings.write(project, settings, fingerprint)
  await installUnits([lookUnits(project)])
}

/** Nobody is told anything any more, and what was told is forgotten. */
export const runUnconfigure: Runner<'alerts.unconfigure'> = async ({ project }) => {
  await removeUnits((name) => isLookOf(project, name))
  await alertSettings.remove(project)
  await removeLedger(project)
}
