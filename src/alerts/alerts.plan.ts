import type { AnyStep } from '../plan/kinds.ts'
import type { ObservedAlerts } from './model.ts'
import { step } from './step.ts'
import type { AlertSteps } from './steps.ts'

/** Tells the server whom to tell, if that is not what it was told before. */
export const alertSteps = (
  wanted: AlertSteps['alerts.configure'] | null,
  { project, alerts: { settings } }: { project: string; alerts: ObservedAlerts },
): AnyStep[] => {
  if (wanted === null)
    return settings === null
      ? []
      : [step.unconfigure(project, 'zarpe.yml names nobody to tell any more')]
  if (wanted.fingerprint === settings) return []
  return [
    step.configure(
      wanted,
      settings === null ? 'somebody is told from now on' : 'who is told changed',
    ),
  ]
}
