import type { AnyStep } from '../../plan/kinds.ts'
import type { Observed, ObservedService, Release, ReleasedService, Wanted } from '../model.ts'
import { graceDefaultMs, graceOf } from '../services/grace.ts'
import { step } from '../step.ts'
import { lateServices, programOf } from './late.ts'
import { rivalsOf } from './rivals.ts'

/** What there is, what is to be, and what serves until then. */
type Change = { observed: Observed; release: Release; current: Release | null }

/** Services that keep data come first and only when their own definition changed; not those of the program itself. */
export const statefulSteps = (
  wanted: Pick<Wanted, 'settings'>,
  observed: Observed,
  release: Release,
  current: Release | null,
): AnyStep[] => {
  const late = lateOf(observed, release)
  const changed = release.services.filter(
    (service) =>
      service.role === 'stateful' && !late.has(service.service) && !isRunning(observed, service),
  )
  return changed.flatMap((service) => [
    ...inPlace(service, { observed, release, current }),
    step.await(service, wanted.settings.healthyWithinMs, 0, 'others need it'),
  ])
}

/** New tasks beside the old ones, in waves: a service starts when those it needs are healthy. */
export const startSteps = (
  wanted: Pick<Wanted, 'settings'>,
  observed: Observed,
  release: Release,
  current: Release | null,
): AnyStep[] => {
  const { healthyWithinMs, watchMs } = wanted.settings
  const late = lateOf(observed, release)
  const starting = release.services
    .filter(({ role, service }) => role === 'service' || late.has(service))
    .filter((service) => !isRunning(observed, service))
  const proof = 'nothing goes live before it is healthy'
  const change = { observed, release, current }
  return wavesOf(starting).flatMap((wave) => [
    ...wave.flatMap((service) =>
      service.role === 'stateful'
        ? inPlace(service, change)
        : [
            ...stopFirst(observed, service, current),
            startOf(observed, service, causeOf(service, release, current)),
          ],
    ),
    ...wave.map((service) => step.await(service, healthyWithinMs, watchMs, proof)),
  ])
}

const lateOf = (observed: Observed, release: Release) =>
  lateServices(release.services, programOf(release, observed.releases))

/** One that keeps data is updated in place, and never runs beside another on the same volume. */
const inPlace = (service: ReleasedService, change: Change): AnyStep[] => {
  const seen = seenOf(change.observed, service)
  const cause = seen ? 'its own definition changed' : 'it is new'
  const rivals = rivalsOf(service, change).map(({ swarmService, spec }) =>
    step.retire(
      swarmService,
      graceOf(spec) ?? graceDefaultMs,
      `${service.service} takes over its volume`,
      true,
    ),
  )
  return [...rivals, step.apply(service.spec, cause, Boolean(seen))]
}

/** Puts back what was changed or lost since the release went live. */
export const serviceRepair = (observed: Observed, current: Release): AnyStep[] =>
  current.services.flatMap((service) => {
    const seen = seenOf(observed, service)
    if (seen && isAsWanted(seen, service)) return []
    const cause = seen
      ? `changed by hand: ${seen.drift.join(', ') || 'replicas'}`
      : 'it is missing on the server'
    return [step.apply(service.spec, cause), step.await(service, 120_000, 0, 'it must serve again')]
  })

/** Whether this older service is stopped before the newer one, or one on the same volume, is started. */
export const isStoppedFirst = (
  observed: Observed,
  release: Release,
  current: Release | null,
  old: ObservedService,
) =>
  release.services.some((service) => {
    if (isRunning(observed, service)) return false
    if (service.role === 'stateful')
      return rivalsOf(service, { observed, release, current }).some(
        ({ swarmService }) => swarmService === old.name,
      )
    return (
      service.service === old.service &&
      service.order === 'stop-first' &&
      service.swarmService !== old.name
    )
  })

const seenOf = (observed: Observed, service: ReleasedService) =>
  observed.services.find((each) => each.name === service.swarmService)

const isAsWanted = (seen: ObservedService, service: ReleasedService) =>
  seen.hash === service.hash && seen.replicas === service.replicas && seen.drift.length === 0

const isRunning = (observed: Observed, service: ReleasedService) => {
  const seen = seenOf(observed, service)
  return Boolean(seen && isAsWanted(seen, service))
}

/** One that somebody changed by hand is made whole; one that rests is woken. */
const startOf = (observed: Observed, service: ReleasedService, cause: string) => {
  const drifted = (seenOf(observed, service)?.drift.length ?? 0) > 0
  return drifted ? step.apply(service.spec, cause) : step.start(service.spec, cause)
}

const causeOf = (service: ReleasedService, release: Release, current: Release | null) => {
  if (release.rollbackTo !== null) return `as it was in release ${release.rollbackTo}`
  const before = current?.services.find((each) => each.service === service.service)
  if (before?.swarmService === service.swarmService) return 'another number of tasks, or lost'
  return before ? 'it changed; the one before keeps serving' : 'it is new'
}

const stopFirst = (
  observed: Observed,
  service: ReleasedService,
  current: Release | null,
): AnyStep[] => {
  const before = current?.services.find((each) => each.service === service.service)
  if (service.order === 'start-first' || !before) return []
  if (before.swarmService === service.swarmService) return []
  // It may have been stopped for its data's sake already.
  if (seenOf(observed, before)?.replicas === 0) return []
  // It is the old one that stops, in the time that its own definition gives it.
  const graceMs = graceOf(before.spec) ?? graceDefaultMs
  const cause = 'it must not run twice (order: stop-first)'
  return [step.retire(before.swarmService, graceMs, cause, true)]
}

/** Groups services so that each wave only needs the waves before it. */
const wavesOf = (services: ReleasedService[]): ReleasedService[][] => {
  const waves: ReleasedService[][] = []
  let rest = services
  while (rest.length > 0) {
    const names = new Set(rest.map((service) => service.service))
    const ready = rest.filter((service) => !service.after.some((name) => names.has(name)))
    // A circle cannot come from a checked Compose file; starting all at once is then the way on.
    const wave = ready.length > 0 ? ready : rest
    waves.push(wave)
    rest = rest.filter((service) => !wave.includes(service))
  }
  return waves
}
