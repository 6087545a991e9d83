import type { AnyStep } from '../../plan/kinds.ts'
import { contentOf } from '../records/changes.ts'
import { edgeAlone } from './edge.plan.ts'
import { isBuiltFor } from '../names.ts'
import type { Observed, ObservedService, Release } from '../model.ts'
import { recordedGraceMs } from '../services/grace.ts'
import { spentSecrets } from '../secrets/secret.plan.ts'
import type { Change } from './rivals.ts'
import { stoppedFirst } from './start.plan.ts'
import { step } from '../step.ts'

/**
 * What follows once a release counts: the old tasks drain and stop, the edge says that nobody else
 * answers any more, and what no kept release needs is removed.
 */
export const finishSteps = (change: Change, keep: number): AnyStep[] => {
  const { observed, release } = change
  const kept = keptReleases(observed, release, keep)
  const live = new Set(release.services.map((service) => service.swarmService))
  const needed = new Set(
    kept.flatMap((each) => each.services.map((service) => service.swarmService)),
  )
  const others = observed.services.filter((service) => !live.has(service.name))
  const old = others.filter((service) => needed.has(service.name) && service.role !== 'job')
  const stopped = stoppedFirst(change)
  const retired = old
    .filter((service) => service.replicas > 0)
    .filter((service) => !stopped.has(service.name))
  return [
    ...retired.map((service) =>
      step.retire(
        service.name,
        recordedGraceMs(observed, service.name),
        'the new release has taken over',
      ),
    ),
    ...(retired.length > 0 ? edgeAlone(release) : []),
    ...others
      .filter((service) => isSpent(service, needed))
      .map((service) =>
        step.remove(service.name, removalCause(service), {
          graceMs: recordedGraceMs(observed, service.name),
        }),
      ),
    ...ownJob(release, observed),
    ...spentSecrets(observed, kept, 'no kept release mounts it'),
    ...forgetSteps(observed, kept),
  ]
}

/** The migration this very release is going to run is not observed yet when the plan is made. */
const ownJob = (release: Release, observed: Observed): AnyStep[] => {
  const name = release.migration?.swarmService
  const seen = observed.services.some((service) => service.name === name)
  if (!name || seen || release.state !== 'starting') return []
  return [step.remove(name, 'its work is done')]
}

/** Rollbacks and scalings bring nothing new: only releases that differ in content count. */
const keptReleases = (observed: Observed, release: Release, keep: number): Release[] => {
  const past = observed.releases
    .filter((each) => each.number !== release.number && ['current', 'retired'].includes(each.state))
    .toSorted((left, right) => right.number - left.number)
  const contents = new Set<string>()
  return [release, ...past].slice(0, keep * recordsPerContentMax).filter((each) => {
    contents.add(contentOf(each))
    return contents.size <= keep
  })
}

/** So that somebody who scales every hour does not pile up records for ever. */
const recordsPerContentMax = 4

const isSpent = (service: ObservedService, needed: Set<string>) => {
  return service.role === 'job' || !needed.has(service.name)
}

const removalCause = (service: ObservedService) =>
  service.role === 'job' ? 'its work is done' : 'no kept release needs it'

const forgetSteps = (observed: Observed, kept: Release[]): AnyStep[] => {
  const keptNumbers = new Set(kept.map((release) => release.number))
  const keptImages = new Set(kept.flatMap(imagesOf))
  const gone = observed.releases.filter(
    (each) => !keptNumbers.has(each.number) && each.state !== 'starting',
  )
  const lastFailed = gone.findLast((each) => each.state === 'failed')
  const forgotten = gone.filter((each) => each !== lastFailed)
  const spent = Object.keys(observed.images).filter(
    (reference) => observed.images[reference] && isBuiltFor(observed.project, reference),
  )
  return [
    ...forgotten.map((each) =>
      step.forget(each.project, each.number, 'older than the kept releases'),
    ),
    ...spent
      .filter((reference) => !keptImages.has(reference))
      .map((reference) => step.removeImage(reference, 'no kept release runs it')),
  ]
}

const imagesOf = (release: Release) => release.services.map((service) => service.image.reference)
