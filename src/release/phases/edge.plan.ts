import { type EdgeApp, edgeNames } from '../../edge/model.ts'
import { refuseTaken } from '../../edge/taken.ts'
import { fingerprint } from '../../plan/fingerprint.ts'
import type { AnyStep } from '../../plan/kinds.ts'
import { edgeAppOf } from '../edge-app.ts'
import type { Observed, Release } from '../model.ts'
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
  ...(release.routes.length === 0 ? [] : [prove(release)]),
]

/** What was changed or lost on the edge since the release went live. */
export const edgeRepair = (observed: Observed, current: Release): AnyStep[] => {
  const steps = [...edgeReady(observed, current), ...configure(observed, current)]
  return steps.length > 0 && current.routes.length > 0 ? [...steps, prove(current)] : steps
}

/** Nobody but the release answers, once the old tasks are at rest. */
export const edgeAlone = (release: Release): AnyStep[] =>
  release.routes.length === 0
    ? []
    : [
        step.prove(
          release.project,
          release.routes,
          expectedNames(release),
          true,
          proveAloneMs,
          'nothing old may answer any more',
        ),
      ]

const prove = (release: Release) => {
  const cause = 'the edge itself says who answers'
  return step.prove(release.project, release.routes, expectedNames(release), false, proveMs, cause)
}

/** The Swarm services that must answer for the routes of a release. */
const expectedNames = (release: Release): string[] => [
  ...new Set(
    release.routes.map(
      (route) =>
        release.services.find((service) => service.service === route.service)!.swarmService,
    ),
  ),
]

const configure = (observed: Observed, release: Release): AnyStep[] => {
  const { project, edge } = release
  const seen = observed.edge.apps.find((app) => app.project === project) ?? null
  const app = edgeAppOf(release)
  const cause = whyOtherwise(seen, app)
  const same = cause === null && (app === null || isSame(observed.edge.settings, edge))
  if (same) return []
  if (app) refuseTaken(observed.edge.apps, app)
  return [step.configure(project, app, edge, cause ?? 'the settings of the edge changed')]
}

const whyOtherwise = (seen: EdgeApp | null, app: EdgeApp | null): string | null => {
  if (app === null) return seen && 'it has no routes any more'
  if (!isSame(seen?.routes ?? [], app.routes)) return 'its routes changed'
  return seen?.maintenancePage === app.maintenancePage ? null : 'its maintenance page changed'
}

const isSame = (left: unknown, right: unknown) => fingerprint(left) === fingerprint(right)
