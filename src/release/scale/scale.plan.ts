import type { Plan } from '../../plan/plan.ts'
import { fingerprint } from '../../plan/fingerprint.ts'
import { Problem } from '../../problem/problem.ts'
import { dropCut } from '../recover/abort.plan.ts'
import { basisOf } from '../basis.ts'
import { currentRelease } from '../current.ts'
import { changesBetween } from '../records/changes.ts'
import { anew, type AnewOptions, nothingNew } from '../phases/anew.ts'
import { unansweredNotes } from '../phases/edge.plan.ts'
import { releaseSteps } from '../phases/order.plan.ts'
import { mendCommit } from '../recover/mend.plan.ts'
import { nextNumber } from '../names.ts'
import { nothingReleased, unknownService } from '../problems.ts'
import type { Observed, Release, ReleasedService } from '../model.ts'

export const replicasMax = 100

export type ScaleOptions = AnewOptions & { replicas: Record<string, number> }

/** Other numbers of tasks, recorded as a release of their own, so that a rollback knows them too. */
export const planScale = (seen: Observed, options: ScaleOptions): Plan => {
  const { mendSteps, observed } = mendCommit(seen)
  const current = currentRelease(observed)
  if (!current) throw nothingReleased('There is nothing to scale.', 'zarpe deploy')
  const services = current.services.map((service) =>
    scaled(service, options.replicas[service.service]),
  )
  refuseUnknown(current, options)
  const number = nextNumber(observed)
  const release: Release = {
    ...anew(current, number, options),
    // The next deploy compares with this: the Compose file's own numbers count again then.
    wanted: fingerprint({ scaled: services.map(({ hash, replicas }) => ({ hash, replicas })) }),
    services,
    changes: changesBetween(current, { ...current, services }),
  }
  const { dropSteps, base } = dropCut(observed, 'cut short, then scaled')
  const own =
    release.changes.length > 0 ? releaseSteps(nothingNew(options), base, release, current) : []
  const steps = [...mendSteps, ...dropSteps, ...own]
  return {
    verb: 'scale',
    title: `${steps.length > 0 ? `release ${number}` : `release ${current.number}`} of ${options.title}`,
    scope: observed.project,
    basis: basisOf(seen),
    steps,
    notes: [
      ...release.changes.map((change) => `change: ${change}`),
      ...unansweredNotes(release),
      'the next deploy takes the numbers from the Compose file again (deploy.replicas)',
    ],
  }
}

const scaled = (service: ReleasedService, replicas: number | undefined): ReleasedService => {
  if (replicas === undefined) return service
  if (service.role === 'stateful' && replicas > 1) throw oneOnly(service.service)
  return {
    ...service,
    replicas,
    spec: { ...service.spec, Mode: { Replicated: { Replicas: replicas } } },
  }
}

const refuseUnknown = (current: Release, options: ScaleOptions) => {
  const names = current.services.map((each) => each.service)
  const unknown = Object.keys(options.replicas).find((name) => !names.includes(name))
  if (unknown === undefined) return
  throw unknownService(unknown, names)
}

const oneOnly = (service: string) =>
  new Problem({
    code: 'release/one-only',
    summary: 'A service that keeps data runs once.',
    detail: `Two tasks of "${service}" would write to the same volume.`,
    fix: [`If that is safe: services: { ${service}: { stateful: false } } in zarpe.yml`],
  })
