import { alertSettingsSteps } from '../../alerts/settings.plan.ts'
import { provisionAfter, provisionSteps } from '../../data/provision/provision.plan.ts'
import { dataSettingsSteps } from '../../data/settings/settings.plan.ts'
import type { AnyStep } from '../../plan/kinds.ts'
import type { Observed, Release, Wanted } from '../model.ts'
import { secretSteps } from '../secrets/secret.plan.ts'
import { step } from '../step.ts'
import { edgeReady, edgeRepair, edgeSwitch } from './edge.plan.ts'
import { finishSteps } from './finish.plan.ts'
import { expectSteps, migrationSteps, provisioningFor } from './migrate.plan.ts'
import { serviceRepair, startSteps, statefulSteps } from './start.plan.ts'

/** What a release brings; one of what there is already leaves as it is what the server was told. */
export type ReleaseWanted = Pick<
  Wanted,
  'migration' | 'settings' | 'services' | 'secrets' | 'provision'
> & {
  data: Wanted['data'] | 'as it is'
  alerts: Wanted['alerts'] | 'as it is'
}

/** What comes before the program starts, and what there is once that is done. */
type Before = { steps: AnyStep[]; after: Observed }

/** Where the order of a release's phases is decided, and nowhere else. */
export const releaseSteps = (
  wanted: ReleaseWanted,
  observed: Observed,
  release: Release,
  current: Release | null,
  before: Before = { steps: [], after: observed },
): AnyStep[] => [
  ...pulls(observed, release),
  step.open(release, 'what was asked for is written down first'),
  ...(observed.network
    ? []
    : [step.createNetwork(release.project, 'its services find each other on it')]),
  ...secretSteps(wanted, observed, release),
  ...edgeReady(observed, release),
  ...statefulSteps(wanted, { observed, release, current }),
  ...(current ? settingsSteps(wanted, observed) : []),
  ...before.steps,
  // As late as can be: a password that changes is another for what still serves.
  ...provisionSteps(provisioningFor(wanted, observed, release)),
  ...migrationSteps(wanted, release),
  ...provisionAfter(provisioningFor(wanted, observed, release)),
  ...(current && wanted.data !== 'as it is' ? expectSteps(wanted.data, release) : []),
  ...startSteps(wanted, { observed: before.after, release, current }),
  ...edgeSwitch(observed, release),
  step.commit(release.project, release.number, 'all of it is healthy and answering'),
  // Before the first release counts there is no data that could be told about.
  ...(current ? [] : settingsSteps(wanted, observed)),
  ...finishSteps({ observed: before.after, release, current }, wanted.settings.keep),
]

/** The same order, for a release that serves: what was changed or lost since is put back. */
export const repairSteps = (
  wanted: ReleaseWanted,
  observed: Observed,
  current: Release,
): AnyStep[] => [
  ...secretSteps(wanted, observed, current),
  ...serviceRepair(observed, current),
  ...settingsSteps(wanted, observed),
  ...provisionSteps(provisioningFor(wanted, observed, null)),
  ...edgeRepair(observed, current),
  ...finishSteps({ observed, release: current, current }, wanted.settings.keep),
]

const pulls = (observed: Observed, release: Release): AnyStep[] => {
  const missing = release.services.filter((service) => !observed.images[service.image.reference])
  return missing.map((service) =>
    step.pull(service.image.reference, service.service, 'the server does not have this image'),
  )
}

/** What the server is to do by itself, each as its own room plans it. */
const settingsSteps = ({ data, alerts }: ReleaseWanted, observed: Observed): AnyStep[] => [
  ...(data === 'as it is' ? [] : dataSettingsSteps(data, observed.data)),
  ...(alerts === 'as it is' ? [] : alertSettingsSteps(alerts, observed)),
]
