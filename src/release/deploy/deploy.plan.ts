import type { AnyStep } from '../../plan/kinds.ts'
import type { Plan } from '../../plan/plan.ts'
import { dropCut } from '../recover/abort.plan.ts'
import { provisionAfter, provisionSteps } from '../../data/provision/provision.plan.ts'
import {
  backupsBefore,
  dataSteps,
  type DataWanted,
  expectSteps,
  provisioningFor,
} from '../phases/data.plan.ts'
import { basisOf } from '../basis.ts'
import { edgeReady, edgeRepair, edgeSwitch } from '../phases/edge.plan.ts'
import { planFinish } from '../phases/finish.plan.ts'
import { mendCommit } from '../recover/mend.plan.ts'
import type { Observed, Release } from '../model.ts'
import { nextNumber } from '../names.ts'
import { recordOf } from './record.ts'
import { secretSteps } from '../secrets/secret.plan.ts'
import { serviceRepair, startSteps, statefulSteps } from '../phases/start.plan.ts'
import { step } from '../step.ts'
import { type Wanted, wantedHash } from './wanted.ts'

/** From the server as it is to what is wanted. A release that was cut short is taken up or dropped. */
export const planDeploy = (wanted: Wanted, seen: Observed, at: string): Plan => {
  const { mendSteps, observed } = mendCommit(seen)
  const current = observed.releases.find((release) => release.number === observed.current) ?? null
  const cut = observed.releases.find((release) => release.state === 'starting') ?? null
  const hash = wantedHash(wanted)
  const frame = { verb: 'deploy', scope: observed.project, basis: basisOf(seen) }

  if (!cut && current?.wanted === hash) {
    const steps = [
      ...mendSteps,
      ...secretSteps(wanted, observed, current),
      ...serviceRepair(observed, current),
      ...dataSteps(wanted, observed),
      ...provisionSteps(provisioningFor(wanted, observed, null)),
      ...edgeRepair(observed, current),
      ...planFinish(observed, current, wanted.settings.keep),
    ]
    const title = `release ${current.number} of ${wanted.title} is what is wanted`
    return { ...frame, title, steps, notes: [] }
  }

  const resumed = cut?.wanted === hash ? cut : null
  const dropped = cut && !resumed ? cut : null
  const number = resumed?.number ?? nextNumber(observed)
  const recorded = recordOf(wanted, current, number, at)
  // By the server's clock: names of backups sort by time, whatever the laptop's says.
  const backups = backupsBefore(wanted, observed, recorded, observed.data.now)
  const release = { ...recorded, backups: backups.ids }
  const { dropSteps, base } = dropped
    ? dropCut(observed, 'cut short, then replaced')
    : { dropSteps: [], base: observed }
  return {
    ...frame,
    title: `release ${number} of ${wanted.title}`,
    steps: [
      ...mendSteps,
      ...dropSteps,
      ...releaseSteps(wanted, base, release, current, backups.steps),
    ],
    notes: notesOf(wanted, observed, release, { dropped, resumed }),
  }
}

/** Where the order of a release's phases is decided, and nowhere else. */
export const releaseSteps = (
  wanted: Pick<Wanted, 'migration' | 'settings' | 'services' | 'secrets'> & DataWanted,
  observed: Observed,
  release: Release,
  current: Release | null,
  before: AnyStep[] = [],
): AnyStep[] => [
  ...pulls(observed, release),
  step.open(release, 'what was asked for is written down first'),
  ...(observed.network
    ? []
    : [step.createNetwork(release.project, 'its services find each other on it')]),
  ...secretSteps(wanted, observed, release),
  ...edgeReady(observed, release),
  ...statefulSteps(wanted, observed, release),
  ...(current ? dataSteps(wanted, observed) : []),
  ...before,
  // As late as can be: a password that changes is another for what still serves.
  ...provisionSteps(provisioningFor(wanted, observed, release)),
  ...migrationSteps(wanted, release),
  ...provisionAfter(provisioningFor(wanted, observed, release)),
  ...(current ? expectSteps(wanted, release) : []),
  ...startSteps(wanted, observed, release, current),
  ...edgeSwitch(observed, release),
  step.commit(release.project, release.number, 'all of it is healthy and answering'),
  // Before the first release counts there is no data that could be told about.
  ...(current ? [] : dataSteps(wanted, observed)),
  ...planFinish(observed, release, wanted.settings.keep),
]

const pulls = (observed: Observed, release: Release): AnyStep[] => {
  const missing = release.services.filter((service) => !observed.images[service.image.reference])
  return missing.map((service) =>
    step.pull(service.image.reference, service.service, 'the server does not have this image'),
  )
}

const migrationSteps = (
  wanted: Pick<Wanted, 'migration' | 'services'>,
  release: Release,
): AnyStep[] => {
  const migration = wanted.migration
  const service = wanted.services.find((each) => each.service === migration?.service)
  if (!migration || !service || !release.migration) return []
  const spec = service.jobFor(migration, release.number)
  return [step.job(spec, migration.limitMs, 'from the new image, before any of it serves')]
}

const notesOf = (
  wanted: Wanted,
  observed: Observed,
  release: Release,
  before: { dropped: Release | null; resumed: Release | null },
): string[] => {
  const needed = memoryNeeded(wanted)
  const memory = `memory needed beside the old release: ${mib(needed)}; free: ${mib(observed.memoryFreeBytes)}`
  const { dropped, resumed } = before
  return [
    ...release.changes.map((change) => `change: ${change}`),
    ...backupNotes(wanted, observed, release),
    ...(resumed ? [`release ${resumed.number} was cut short; it is taken up again`] : []),
    ...(dropped ? [`release ${dropped.number} was cut short; it is taken back first`] : []),
    ...(needed > 0 ? [memory] : []),
    ...diskNotes(observed, release),
  ]
}

/** A migration without a way back is said aloud. */
const backupNotes = (wanted: Wanted, observed: Observed, release: Release): string[] => {
  if (!release.migration || observed.current === null) return []
  if (wanted.data === null)
    return ['no backup is taken before the migration: zarpe.yml names no `databases`']
  return wanted.backup ? [] : ['no backup is taken before the migration: --no-backup']
}

/** Layers that the server has already are not known here, so this is the most it can be. */
const diskNotes = (observed: Observed, release: Release): string[] => {
  const needed = release.services
    .filter((service) => !observed.images[service.image.reference])
    .reduce((sum, { image }) => sum + (image.sizeBytes ?? 0), 0)
  if (needed === 0) return []
  const tight = needed > observed.diskFreeBytes ? ' (it may not be enough)' : ''
  return [
    `disk for new images: at most ${mib(needed)}; free: ${mib(observed.diskFreeBytes)}${tight}`,
  ]
}

const memoryNeeded = (wanted: Wanted) =>
  wanted.services
    .filter((service) => service.role === 'service')
    .map((service) => {
      const limit = service.specFor(0).TaskTemplate.Resources?.Limits?.MemoryBytes ?? 0
      return limit * service.replicas
    })
    .reduce((sum, each) => sum + each, 0)

const mib = (bytes: number) => `${Math.round(bytes / 1_048_576)} MiB`
