import { type ConfiguredApp, type EdgeApp, edgeNames, type Route } from '../../edge/model.ts'
import { refuseTaken } from '../../edge/taken.ts'
import { fingerprint } from '../../plan/fingerprint.ts'
import type { AnyStep } from '../../plan/kinds.ts'
import { edgeAppOf } from '../edge-app.ts'
import type { Observed, Release, ReleasedService } from '../model.ts'
import { step } from '../step.ts'

const proveMs = 120_000
const proveAloneMs = 60_000

/** The edge runs and reaches the release's network, before anything is to be switched to it. */
export const edgeReady = (observed: Observed, release: Release): AnyStep[] => {
  if (release.routes.length === 0) return []
  const attached = observed.edge.networks.includes(release.project)
  return [
    ...(observed.edge.running
      ? []
      : [step.startEdge(edgeNames.image, 'nothing answers on 80 and 443 yet')]),
    ...(attached ? [] : [step.attach(release.project, 'the edge must reach the services')]),
  ]
}

/** The edge has the release's routes, and has been asked who answers on them. */
export const edgeSwitch = (observed: Observed, release: Release): AnyStep[] => [
  ...configure(observed, release),
  ...prove(release),
]

/** What was changed or lost on the edge since the release went live. */
export const edgeRepair = (observed: Observed, current: Release): AnyStep[] => {
  const steps = [...edgeReady(observed, current), ...configure(observed, current)]
  return steps.length > 0 ? [...steps, ...prove(current)] : steps
}

/** Nobody but the release answers, once the old tasks are at rest. */
export const edgeAlone = (release: Release): AnyStep[] =>
  proveThat(release, true, proveAloneMs, 'nothing old may answer any more')

/** One line for each route that leads to a service of which nothing will run. */
export const unansweredNotes = (release: Release): string[] =>
  release.routes
    .filter((route) => servedBy(release, route).replicas === 0)
    .map(
      ({ domain, path, service }) =>
        `https://${domain}${path} will not be answered: ${service} has no task`,
    )

const prove = (release: Release) =>
  proveThat(release, false, proveMs, 'the edge itself says who answers')

/** Nobody can be waited for where a service was scaled to nothing. */
const proveThat = (release: Release, exclusive: boolean, limitMs: number, cause: string) => {
  const routes = release.routes.filter((route) => servedBy(release, route).replicas > 0)
  const expected = [...new Set(routes.map((route) => servedBy(release, route).swarmService))]
  return routes.length === 0
    ? []
    : [step.prove(release.project, routes, expected, exclusive, limitMs, cause)]
}

/** The service that answers for a route. */
const servedBy = ({ services }: Release, { service }: Route): ReleasedService =>
  services.find((each) => each.service === service)!

const configure = (observed: Observed, release: Release): AnyStep[] => {
  const { project } = release
  const { apps } = observed.edge
  const app = edgeAppOf(release)
  const cause = whyOtherwise(apps.find((each) => each.project === project) ?? null, app)
  if (cause === null) return []
  refuseTaken(apps, app)
  return [step.configure(project, app, cause)]
}

const whyOtherwise = (seen: ConfiguredApp | null, app: EdgeApp | null): string | null => {
  if (seen?.pending) return 'what it serves is not known: it was cut short'
  if (app === null) return seen && 'it has no routes any more'
  if (!isSame(seen?.routes ?? [], app.routes)) return 'its routes changed'
  if (seen?.maintenancePage !== app.maintenancePage) return 'its maintenance page changed'
  return isSame(seen?.settings, app.settings) ? null : 'its certificates come otherwise'
}

const isSame = (left: unknown, right: unknown) => fingerprint(left) === fingerprint(right)
