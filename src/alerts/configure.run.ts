import { installUnits, removeUnits } from '../io/host/machine/units.ts'
import type { Runner } from '../plan/runner.ts'
import { readLedger, removeLedger, writeLedger } from './ledger.run.ts'
import { alertSettings } from './settings.run.ts'
import { isLookOf, lookUnits } from './timer.ts'

/** Starts the timer that looks, and writes whom to tell. */
export const runConfigure: Runner<'alerts.configure'> = async (
  { settings, fingerprint },
  context,
) => {
  const { project } = settings
  const ledger = await readLedger(project)
  // From now on it is noticed if nobody looks.
  const lookedAt = ledger.lookedAt ?? new Date(context.now()).toISOString()
  await writeLedger(project, { ...ledger, lookedAt })
  await installUnits([lookUnits(project)])
  // Last, for they count as told: who is cut off before does it again.
  await alertSettings.write(project, settings, fingerprint)
}

/** Nobody is told anything any more, and what was told is forgotten. */
export const runUnconfigure: Runner<'alerts.unconfigure'> = async ({ project }) => {
  await removeUnits((name) => isLookOf(project, name))
  await alertSettings.remove(project)
  await removeLedger(project)
}
