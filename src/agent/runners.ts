import { alertRunners } from '../alerts/runners.ts'
import { dataRunners } from '../data/runners.ts'
import { edgeRunners } from '../edge/runners.ts'
import type { Runners } from '../plan/runner.ts'
import { releaseRunners } from '../release/runners.ts'
import { serverRunners } from '../server/runners.ts'

/** The one table from a kind of step to what does it. A kind without a runner does not compile. */
export const runners: Runners = {
  ...releaseRunners,
  ...edgeRunners,
  ...dataRunners,
  ...alertRunners,
  ...serverRunners,
}
