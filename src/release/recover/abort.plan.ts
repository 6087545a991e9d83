import type { ConfiguredApp, EdgeApp } from '../../edge/model.ts'
import { freeRoutes } from '../../edge/taken.ts'
import type { AnyStep } from '../../plan/kinds.ts'
import { passwordsTakenBack } from '../../data/provision/provision.plan.ts'
import { step as dataStep } from '../../data/step.ts'
import { fingerprint } from '../../plan/fingerprint.ts'
import { currentRelease } from '../current.ts'
import { edgeAppOf } from '../edge-app.ts'
import type { Observed, ObservedService, Release } from '../model.ts'
import { shareVolume } from '../phases/rivals.ts'
import { recordedGraceMs } from '../services/grace.ts'
import { straySecrets } from '../secrets/secret.plan.ts'
import { step } from '../step.ts'

/**
 * What must be done so that a release that did not succeed has left no trace and the one before it
 * serves as it did. Decided from what is observed, not from what was attempted, because a step that
 * was killed may or may not have had its effect.
 */
export const planAbort = (observed: Observed, failed: Release, problem: string): AnyStep[] => {
  const current = currentRelease(observed)
  const { rivals, strays } = removeStrays(observed, failed, current)
  const steps = [
    ...dataAsBefore(observed, failed),
    ...rivals,
    ...restoreCurrent(observed, current),
    // Once the database is as it was; a first release leaves nobody who knows the former ones.
    ...(current ? passwordsTakenBack(observed.data, failed.number) : []),
    ...restoreEdge(observed, failed, current),
    ...restAgain(observed, failed, current),
    ...strays,
    ...straySecrets(observed, failed).map((name) =>
      step.removeSecret(name, `release ${failed.number} is taken back`),
    ),
    ...(current || !observed.network || isUnknown(observed, failed) ? [] : removeNetwork(observed)),
    step.close(observed.project, failed.number, problem),
  ]
  // A plan may take one release back and begin the next: the same act then comes twice.
  return steps.map((each) => ({ ...each, id: `back/${each.id}` }))
}

/** The server as it will be once `planAbort` has run; the new release is planned from that. */
const afterAbort = (observed: Observed, failed: Release): Observed => {
  const current = currentRelease(observed)
  const gone = (name: string) => name !== observed.project
  const keeps = current !== null || isUnknown(observed, failed)
  return {
    ...observed,
    releases: observed.releases.map((release) =>
      release.number === failed.number ? { ...release, state: 'failed' as const } : release,
    ),
    services: observed.services
      .filter((service) => !isStray(observed, service, failed, current))
      .map((service) => asRecorded(service, current))
      .map((service) =>
        isWoken(service, failed, current) ? { ...service, replicas: 0 } : service,
      ),
    provision: current ? withoutPasswords(observed, failed) : observed.provision,
    secrets: observed.secrets.filter((name) => !straySecrets(observed, failed).includes(name)),
    network: keeps ? observed.network : null,
    edge: keeps
      ? edgeAfter(observed, edgeBack(observed, failed, current))
      : {
          ...observed.edge,
          networks: observed.edge.networks.filter(gone),
          apps: observed.edge.apps.filter((app) => gone(app.project)),
        },
  }
}

/** What a database lacks once its passwords are as before is seen when it is asked again. */
const withoutPasswords = ({ provision, data }: Observed, { number }: Release) =>
  provision.map((each) =>
    data.replaced.some(({ dataset, release }) => dataset === each.dataset && release >= number)
      ? { ...each, missing: null }
      : each,
  )

/** For a verb that goes on from a release cut short by taking it back first: how, and from where. */
export const dropCut = (observed: Observed, why: string) => {
  const cut = observed.releases.find((release) => release.state === 'starting')
  if (!cut) return { dropSteps: [], base: observed }
  return { dropSteps: planAbort(observed, cut, why), base: afterAbort(observed, cut) }
}

/** A rollback that failed puts the data back too, and removes what it had restored beside. */
const dataAsBefore = (observed: Observed, failed: Release): AnyStep[] =>
  observed.data.asides
    .filter(({ release }) => release === failed.number)
    .map(({ is, name }) =>
      is === 'aside'
        ? dataStep.back(observed.project, name, `release ${failed.number} is taken back`)
        : dataStep.discard(observed.project, name, `release ${failed.number} is taken back`),
    )

/** As `restoreCurrent` leaves it. */
const asRecorded = (service: ObservedService, current: Release | null): ObservedService => {
  const wanted = current?.services.find((each) => each.swarmService === service.name)
  return wanted ? { ...service, hash: wanted.hash, replicas: wanted.replicas } : service
}

const againMs = 110_000

/** Puts back what the current release's record says, wherever the server differs from it. */
const restoreCurrent = (observed: Observed, current: Release | null): AnyStep[] =>
  (current?.services ?? []).flatMap((wanted) => {
    const seen = observed.services.find((service) => service.name === wanted.swarmService)
    const cause = `release ${current!.number} needs it as it was`
    if (seen && seen.hash === wanted.hash && seen.replicas === wanted.replicas) return []
    const act =
      wanted.role === 'stateful' ? step.apply(wanted.spec, cause) : step.start(wanted.spec, cause)
    // What keeps data is stopped before it is started as it was.
    const withinMs = againMs + recordedGraceMs(observed, wanted.swarmService)
    return [act, step.await(wanted, withinMs, 0, 'it must serve again')]
  })

/** `rivals`: those that write to a volume of what is to serve again, and have to be gone before. */
const removeStrays = (observed: Observed, failed: Release, current: Release | null) => {
  const strays = observed.services.filter((service) => isStray(observed, service, failed, current))
  const isRival = ({ name }: ObservedService) => {
    const own = failed.services.find(({ swarmService }) => swarmService === name)
    return (
      own !== undefined &&
      (current?.services ?? []).some(
        (each) => (each.role === 'stateful' || own.role === 'stateful') && shareVolume(each, own),
      )
    )
  }
  const removed = (services: ObservedService[]) =>
    services.map(({ name }) =>
      step.remove(name, `release ${failed.number} is taken back`, {
        graceMs: recordedGraceMs(observed, name),
      }),
    )
  return {
    rivals: removed(strays.filter(isRival)),
    strays: removed(strays.filter((service) => !isRival(service))),
  }
}

/** Belongs to the failed release alone: no older release names it. */
const isStray = (
  observed: Observed,
  service: ObservedService,
  failed: Release,
  current: Release | null,
) => {
  if (current?.services.some((each) => each.swarmService === service.name)) return false
  if (service.release !== failed.number) return false
  // It may have been there before, and updated in place.
  return service.role !== 'stateful' || current !== null || !isUnknown(observed, failed)
}

/**
 * Whether something served before that no record tells of, because it was damaged or its key is lost.
 * Then nothing but what is surely of the failed release is taken back.
 */
const isUnknown = (
  observed: Pick<Observed, 'releases' | 'current' | 'services'>,
  failed: Release,
): boolean =>
  currentRelease(observed) === null &&
  (observed.current !== null ||
    observed.services.some(
      ({ release, role, replicas }) => release !== failed.number && role !== 'job' && replicas > 0,
    ))

/** A rollback that failed had woken services of an older release; they go back to rest, not away. */
const restAgain = (observed: Observed, failed: Release, current: Release | null): AnyStep[] =>
  observed.services
    .filter((service) => isWoken(service, failed, current))
    .map(({ name }) =>
      step.retire(name, recordedGraceMs(observed, name), `release ${failed.number} is taken back`),
    )

const isWoken = (service: ObservedService, failed: Release, current: Release | null) =>
  service.replicas > 0 &&
  service.release !== failed.number &&
  // Without the record of what served, nobody can tell what was woken from what never rested.
  current !== null &&
  failed.services.some((each) => each.swarmService === service.name) &&
  !current?.services.some((each) => each.swarmService === service.name)

const restoreEdge = (observed: Observed, failed: Release, current: Release | null): AnyStep[] => {
  const back = edgeBack(observed, failed, current)
  if (!back) return []
  const cause = current ? `as in release ${current.number}` : 'the release is taken back'
  return [step.configure(observed.project, back.app, cause)]
}

type EdgeBack = { app: EdgeApp | null }

/** What the edge must have again; null if it has it. */
const edgeBack = (
  { edge, ...observed }: Observed,
  failed: Release,
  current: Release | null,
): EdgeBack | null => {
  const seen = edge.apps.find((app) => app.project === observed.project) ?? null
  // Of what no record tells, the file has what was there before something else was begun.
  if (!current && isUnknown(observed, failed))
    return seen?.pending ? { app: seen.routes.length > 0 ? unmarked(seen) : null } : null
  const app = current && whatIsFree(edge, edgeAppOf(current))
  // Only what the failed release put there, or may have put there, is its to take back.
  const isTaken =
    seen?.pending ||
    (fingerprint(seen) !== fingerprint(app) && fingerprint(seen) === fingerprint(edgeAppOf(failed)))
  return isTaken ? { app } : null
}

const unmarked = ({ pending: _mark, ...app }: ConfiguredApp): EdgeApp => app

/** What another app has taken meanwhile stays with it: asked for, it would be refused, and the way back end there. */
const whatIsFree = ({ apps }: Observed['edge'], app: EdgeApp | null): EdgeApp | null => {
  const routes = app ? freeRoutes(apps, app) : []
  return app && routes.length > 0 ? { ...app, routes } : null
}

const edgeAfter = ({ edge, project }: Observed, back: EdgeBack | null): Observed['edge'] => {
  if (!back) return edge
  const others = edge.apps.filter((app) => app.project !== project)
  return { ...edge, apps: back.app ? [...others, back.app] : others }
}

const removeNetwork = (observed: Observed): AnyStep[] => [
  ...(observed.edge.networks.includes(observed.project)
    ? [step.detach(observed.project, 'nothing of it is left to reach')]
    : []),
  step.removeNetwork(observed.project, 'nothing of it is left to connect'),
]
