import type { AnyStep } from '../plan/kinds.ts'
import type { ObservedAlerts } from './model.ts'
import { step } from './step.ts'
import type { AlertSteps } from './steps.ts'

type Told = { project: string; alerts: Pick<ObservedAlerts, 'settings'> }

/** Tells the server whom to tell, if that is not what it was told before. */
export const alertSettingsSteps = (
  wanted: AlertSteps['alerts.configure'] | null,
  observed: Told,
): AnyStep[] => {
  if (wanted === null) return alertSettingsGone(observed, 'zarpe.yml names nobody to tell any more')
  const { settings } = observed.alerts
  if (wanted.fingerprint === settings) return []
  const cause = settings === null ? 'somebody is told from now on' : 'who is told changed'
  return [step.configure(wanted, cause)]
}

/** Takes from the server what it was told of whom to tell, if it was. */
export const alertSettingsGone = ({ project, alerts }: Told, cause: string): AnyStep[] =>
  alerts.settings === null ? [] : [step.unconfigure(project, cause)]
