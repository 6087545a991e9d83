import type { AnyStep } from '../../plan/kinds.ts'
import type { ObservedData } from '../model.ts'
import { step } from '../step.ts'
import type { DataSteps } from '../steps.ts'

type Told = Pick<ObservedData, 'project' | 'settings'>

/** Tells the server what to back up, if that is not what it was told before. */
export const dataSettingsSteps = (
  wanted: DataSteps['data.configure'] | null,
  told: Told,
): AnyStep[] => {
  if (wanted === null) return dataSettingsGone(told, 'zarpe.yml names no data any more')
  if (wanted.fingerprint === told.settings) return []
  const cause =
    told.settings === null ? 'backups are taken from now on' : 'what is backed up changed'
  return [step.configure(wanted, cause)]
}

/** Takes from the server what it was told to back up, if it was. */
export const dataSettingsGone = ({ project, settings }: Told, cause: string): AnyStep[] =>
  settings === null ? [] : [step.unconfigure(project, cause)]
