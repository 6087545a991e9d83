import type { Runners } from '../plan/runner.ts'
import { runConfigure, runUnconfigure } from './configure.run.ts'
import type { AlertSteps } from './steps.ts'

/** What does each kind of step on alerts. */
export const alertRunners: Pick<Runners, keyof AlertSteps> = {
  'alerts.configure': runConfigure,
  'alerts.unconfigure': runUnconfigure,
}
