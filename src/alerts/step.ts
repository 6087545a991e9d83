import type { AnyStep } from '../plan/kinds.ts'
import type { AlertSteps } from './steps.ts'

const limitMs = 60_000

/** The steps on alerts. */
export const step = {
  configure: (params: AlertSteps['alerts.configure'], cause: string): AnyStep => ({
    id: 'alerts.configure',
    kind: 'alerts.configure',
    target: params.settings.project,
    cause,
    limitMs,
    params,
  }),
  unconfigure: (project: string, cause: string): AnyStep => ({
    id: 'alerts.unconfigure',
    kind: 'alerts.unconfigure',
    target: project,
    cause,
    limitMs,
    params: { project },
  }),
}
