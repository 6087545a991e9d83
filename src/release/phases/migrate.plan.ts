import { backupBefore } from '../../data/backup/backup.plan.ts'
import { stateOf } from '../../data/catalogue/state.ts'
import type { Provisioning } from '../../data/provision/provision.plan.ts'
import { step as dataStep } from '../../data/step.ts'
import type { AnyStep } from '../../plan/kinds.ts'
import type { Observed, Release, Wanted } from '../model.ts'
import { step } from '../step.ts'

// A release's migration, and what stands around it: backups before, what databases must have, what is expected after.

/** Backups that a release takes before its migration, and the steps that take those not taken yet. */
export const backupsBefore = (
  wanted: Pick<Wanted, 'data' | 'backup'>,
  observed: Observed,
  release: Release,
  at: string,
): { ids: string[]; steps: AnyStep[] } => {
  if (!wanted.backup) return { ids: [], steps: [] }
  const datasets = atRisk(wanted, observed, release)
  if (datasets.length === 0) return { ids: [], steps: [] }
  const cut = observed.releases.find(({ number }) => number === release.number)
  const taken = cut?.backups ?? []
  // One that was taken up again may have migrated already: a second backup would hold that.
  if (taken.length > 0 && taken.every((id) => isProven(observed, id)))
    return { ids: taken, steps: [] }
  const each = datasets.map((dataset) =>
    backupBefore(observed.project, dataset, 'before a migration', at),
  )
  return { ids: each.map(({ id }) => id), steps: each.flatMap(({ steps }) => steps) }
}

/** Whether a release migrates what would be backed up before, and was told to do without. */
export const isWithoutBackup = (
  wanted: Pick<Wanted, 'data' | 'backup'>,
  observed: Observed,
  release: Release,
): boolean => {
  // One that is taken up again may have migrated already: what is backed up then is not as it was before.
  const cut = observed.releases.find(({ number }) => number === release.number)
  return (
    cut?.withoutBackup === true || (!wanted.backup && atRisk(wanted, observed, release).length > 0)
  )
}

/** What is to be backed up before a migration. Before the first release there is nothing to lose. */
const atRisk = (wanted: Pick<Wanted, 'data'>, observed: Observed, release: Release) =>
  release.migration && observed.current !== null
    ? (wanted.data?.settings.datasets ?? []).filter(({ beforeMigrations }) => beforeMigrations)
    : []

const isProven = (observed: Observed, id: string) =>
  observed.data.backups.some((backup) => backup.id === id && stateOf(backup) === 'proven')

/** What databases must have for a release that is being made, or for the one that serves. */
export const provisioningFor = (
  { provision }: Pick<Wanted, 'provision'>,
  observed: Observed,
  release: Release | null,
): Provisioning => ({
  project: observed.project,
  wanted: provision,
  seen: observed.provision,
  release: release?.number ?? null,
  migrates: Boolean(release?.migration),
  serves: observed.current !== null,
})

export const migrationSteps = (
  wanted: Pick<Wanted, 'migration' | 'services'>,
  release: Release,
): AnyStep[] => {
  const migration = wanted.migration
  const service = wanted.services.find((each) => each.service === migration?.service)
  if (!migration || !service || !release.migration) return []
  // As the record has its name: it may have been begun under another one.
  const spec = {
    ...service.jobFor(migration, release.number),
    Name: release.migration.swarmService,
  }
  return [step.job(spec, migration.limitMs, 'from the new image, before any of it serves')]
}

/** After a migration the data must be as the user expects, or the release does not go on. */
export const expectSteps = (data: Wanted['data'], release: Release): AnyStep[] => {
  const names = (data?.settings.datasets ?? [])
    .filter(({ expect }) => expect.length > 0)
    .map(({ name }) => name)
  if (!release.migration || names.length === 0) return []
  return [dataStep.expect(release.project, names, 'the migration may have lost something')]
}
