import { alertSteps } from '../../alerts/alerts.plan.ts'
import { backupBefore } from '../../data/backup/backup.plan.ts'
import type { Provisioning } from '../../data/provision/provision.plan.ts'
import { stateOf } from '../../data/catalogue/state.ts'
import { step } from '../../data/step.ts'
import type { AnyStep } from '../../plan/kinds.ts'
import type { Observed, Release } from '../model.ts'
import type { Wanted } from '../deploy/wanted.ts'

/** What a release wants of data; a rollback wants it as it is. */
export type DataWanted = Pick<Wanted, 'provision'> & {
  data: Wanted['data'] | 'as it is'
  alerts: Wanted['alerts'] | 'as it is'
}

/** Tells the server what to back up and whom to tell, if that is not what it was told before. */
export const dataSteps = (wanted: DataWanted, observed: Observed): AnyStep[] => [
  ...backupSteps(wanted, observed),
  ...(wanted.alerts === 'as it is' ? [] : alertSteps(wanted.alerts, observed)),
]

const backupSteps = (wanted: DataWanted, observed: Observed): AnyStep[] => {
  if (wanted.data === 'as it is') return []
  const { project, settings } = observed.data
  if (wanted.data === null)
    return settings === null ? [] : [step.unconfigure(project, 'zarpe.yml names no data any more')]
  if (wanted.data.fingerprint === settings) return []
  const cause = settings === null ? 'backups are taken from now on' : 'what is backed up changed'
  return [step.configure(wanted.data, cause)]
}

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

/** Backups that a release takes before its migration, and the steps that take those not taken yet. */
export const backupsBefore = (
  wanted: Pick<Wanted, 'data' | 'backup'>,
  observed: Observed,
  release: Release,
  at: string,
): { ids: string[]; steps: AnyStep[] } => {
  // Before the first release there is nothing to lose.
  if (!wanted.data || !wanted.backup || !release.migration || observed.current === null)
    return { ids: [], steps: [] }
  const cut = observed.releases.find(({ number }) => number === release.number)
  const taken = cut?.backups ?? []
  // One that was taken up again may have migrated already: a second backup would hold that.
  if (taken.length > 0 && taken.every((id) => isProven(observed, id)))
    return { ids: taken, steps: [] }
  const each = wanted.data.settings.datasets
    .filter(({ beforeMigrations }) => beforeMigrations)
    .map((dataset) => backupBefore(observed.project, dataset, 'before a migration', at))
  return { ids: each.map(({ id }) => id), steps: each.flatMap(({ steps }) => steps) }
}

const isProven = (observed: Observed, id: string) =>
  observed.data.backups.some((backup) => backup.id === id && stateOf(backup) === 'proven')

/** After a migration the data must be as the user expects, or the release does not go on. */
export const expectSteps = (wanted: DataWanted, release: Release): AnyStep[] => {
  if (wanted.data === 'as it is') return []
  const names = (wanted.data?.settings.datasets ?? [])
    .filter(({ expect }) => expect.length > 0)
    .map(({ name }) => name)
  if (!release.migration || names.length === 0) return []
  return [step.expect(release.project, names, 'the migration may have lost something')]
}
