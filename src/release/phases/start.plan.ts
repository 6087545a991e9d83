import type { AnyStep } from '../../plan/kinds.ts'
import type { Observed, ObservedService, Release, ReleasedService, Wanted } from '../model.ts'
import { graceDefaultMs, graceOf } from '../services/grace.ts'
import { step } from '../step.ts'
import { partsOf } from './late.ts'
import { type Change, rivalsOf } from './rivals.ts'

/** Services that keep data come first and only when their own definition changed; not those of the program itself. */
export const statefulSteps = (wanted: Pick<Wanted, 'settings'>, change: Change): AnyStep[] => {
  const taken = takenOver(change)
  return changedOf(change).first.flatMap((service) => [
    ...inPlace(service, change, taken),
    step.await(service, wanted.settings.healthyWithinMs, 0, 'others need it'),
  ])
}

/** New tasks beside the old ones, in waves: a service starts when those it needs are healthy. */
export const startSteps = (wanted: Pick<Wanted, 'settings'>, change: Change): AnyStep[] => {
  const { healthyWithinMs, watchMs } = wanted.settings
  const { observed, release, current } = change
  const taken = takenOver(change)
  const proof = 'nothing goes live before it is healthy'
  return wavesOf(changedOf(change).program).flatMap((wave) => [
    ...wave.flatMap((service) =>
      service.role === 'stateful'
        ? inPlace(service, change, taken)
        : [
            ...stopFirst(service, change, taken),
            startOf(observed, service, causeOf(service, release, current)),
          ],
    ),
    ...wave.map((service) => step.await(service, healthyWithinMs, watchMs, proof)),
  ])
}

const changedOf = ({ observed, release }: Change) => {
  const { first, program } = partsOf(release, observed)
  const isChanged = (service: ReleasedService) => !isRunning(observed, service)
  return { first: first.filter(isChanged), program: program.filter(isChanged) }
}

type Taken = Map<ReleasedService, ReleasedService[]>

/** Whom each service takes a volume over from: nobody is stopped twice. */
const takenOver = (change: Change): Taken => {
  const stopped = new Set<string>()
  const { first, program } = changedOf(change)
  const own = [...first, ...wavesOf(program).flat()].map((service) => {
    const rivals = rivalsOf(service, change).filter((each) => !stopped.has(each.swarmService))
    for (const { swarmService } of rivals) stopped.add(swarmService)
    return [service, rivals] as const
  })
  return new Map(own)
}

const rivalSteps = (service: ReleasedService, taken: Taken): AnyStep[] =>
  (taken.get(service) ?? []).map(({ swarmService, spec }) =>
    step.retire(
      swarmService,
      graceOf(spec) ?? graceDefaultMs,
      `${service.service} takes over its volume`,
      true,
    ),
  )

/** One that keeps data is updated in place, and never runs beside another on the same volume. */
const inPlace = (service: ReleasedService, { observed }: Change, taken: Taken): AnyStep[] => {
  const seen = seenOf(observed, service)
  const cause = seen ? 'its own definition changed' : 'it is new'
  return [...rivalSteps(service, taken), step.apply(service.spec, cause, Boolean(seen))]
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

/** Names of older services that are stopped before the newer ones, or those on the same volume, are started. */
export const stoppedFirst = (change: Change): Set<string> => {
  const { observed, release } = change
  const replaced = observed.services.filter((old) =>
    release.services.some(
      (service) =>
        service.service === old.service &&
        service.order === 'stop-first' &&
        service.role === 'service' &&
        service.swarmService !== old.name &&
        !isRunning(observed, service),
    ),
  )
  const rivals = [...takenOver(change).values()].flat()
  return new Set([
    ...replaced.map(({ name }) => name),
    ...rivals.map(({ swarmService }) => swarmService),
  ])
}

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

const stopFirst = (service: ReleasedService, change: Change, taken: Taken): AnyStep[] => {
  const rivals = rivalSteps(service, taken)
  const before = change.current?.services.find((each) => each.service === service.service)
  if (rivals.length > 0 || service.order === 'start-first' || !before) return rivals
  if (before.swarmService === service.swarmService) return []
  // It may have been stopped for its data's sake already.
  if (seenOf(change.observed, before)?.replicas === 0) return []
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
