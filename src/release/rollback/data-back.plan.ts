import { loadStep, type RestoreNames, swapStep } from '../../data/restore/restore.plan.ts'
import { stateOf } from '../../data/catalogue/state.ts'
import type { AnyStep } from '../../plan/kinds.ts'
import { Problem } from '../../problem/problem.ts'
import type { Backup, Keys } from '../../data/model.ts'
import type { Observed, Release, ReleasedService } from '../model.ts'
import { partsOf } from '../phases/late.ts'
import { rivalsOf } from '../phases/rivals.ts'
import { graceDefaultMs, graceOf } from '../services/grace.ts'
import { step } from '../step.ts'

/** A backup that a rollback restores. */
export type DataBack = {
  backup: Backup
  from: string
  keys?: Keys | undefined
  names: RestoreNames
}

/**
 * The backups that hold the data as it was when a release served: those of the first migration that
 * came after it. None if nothing has migrated since.
 */
export const backupsBackTo = (observed: Observed, target: Release): Backup[] => {
  refuseUndone(observed, target, true)
  const after = migrationsOf(observed).find(
    (release) => release.number > target.number && !undoneBy(observed, release),
  )
  if (!after) return []
  const ids = after.backups ?? []
  if (ids.length === 0)
    throw cannotGoBack(`Release ${after.number} migrated without a backup before it.`)
  return ids.map((id) => {
    const found = observed.data.backups.find((backup) => backup.id === id)
    if (found && stateOf(found) === 'proven') return found
    throw cannotGoBack(
      `${id}, taken before release ${after.number} migrated, is not on the server any more or was not proven.`,
    )
  })
}

const servedUpToNow = ({ releases, current }: Observed) =>
  releases.filter(({ number, state }) => number <= (current ?? 0) && state !== 'failed')

const migrationsOf = (observed: Observed) =>
  servedUpToNow(observed).filter(({ migration }) => migration !== null)

/** The rollback that brought the data back as it was before a release migrated it. */
const undoneBy = (observed: Observed, { number }: Release) =>
  servedUpToNow(observed).find(
    ({ number: later, dataBackTo }) =>
      later > number && dataBackTo !== undefined && dataBackTo < number,
  )

/**
 * A release whose migration is undone would meet data from before it, and no rollback migrates. Where something has
 * migrated since, its program may do with what there is now, but no backup holds what it had.
 */
export const refuseUndone = (observed: Observed, target: Release, withData: boolean): void => {
  const undone = undoneFor(observed, target, withData)
  if (!undone) return
  const { release, back } = undone
  throw new Problem({
    code: 'config/data-went-back',
    summary: 'The release needs data that is not there any more.',
    detail: `Release ${release.number} migrated it, release ${back.number} brought it back as it was before: the program of ${target.number} does not know it so.`,
    fix: ['Deploy that program again, which migrates anew: zarpe deploy', 'zarpe releases'],
  })
}

/** The migration that a release needs and that was undone, and what undid it; null if it has what it needs. */
export const undoneFor = (observed: Observed, target: Release, withData: boolean) => {
  const migrations = migrationsOf(observed)
  for (const release of migrations) {
    const back = undoneBy(observed, release)
    if (!back || release.number > target.number || back.number <= target.number) continue
    if (withData || migrations.every(({ number }) => number <= back.number))
      return { release, back }
  }
  return null
}

/**
 * What goes before the old tasks start: the data is restored beside while all serves, then the app
 * stops, then the data changes places. Old and new program never meet the other's data.
 */
export const dataBack = (
  observed: Observed,
  release: Release,
  current: Release | null,
  { data, at, title }: { data: { restores: DataBack[] } | null; at: string; title: string },
): { steps: AnyStep[]; base: Observed } => {
  if (!data || data.restores.length === 0) return { steps: [], base: observed }
  const restores = data.restores.map((each) => ({
    ...each,
    at,
    title,
    release: release.number,
    notes: [],
  }))
  const stopped = current ? meetingOther(observed, release, current) : []
  const names = new Set(stopped.map(({ swarmService }) => swarmService))
  return {
    steps: [
      ...restores.map(loadStep),
      ...stopped.map(({ swarmService, spec }) =>
        step.retire(
          swarmService,
          graceOf(spec) ?? graceDefaultMs,
          'it must not meet the older data',
          true,
        ),
      ),
      ...restores.map(swapStep),
    ],
    base: {
      ...observed,
      services: observed.services.map((service) =>
        names.has(service.name) ? { ...service, replicas: 0 } : service,
      ),
    },
  }
}

/**
 * Services of the program that serve and are others in the release. What the release updates first is not stopped once
 * more, nor what has made room for that.
 */
const meetingOther = (
  observed: Observed,
  release: Release,
  current: Release,
): ReleasedService[] => {
  const { first } = partsOf(release, observed)
  const change = { observed, release, current }
  const gone = new Set(first.flatMap((service) => rivalsOf(service, change)))
  return partsOf(current, observed).program.filter(
    (each) =>
      !gone.has(each) &&
      !first.some(({ swarmService }) => swarmService === each.swarmService) &&
      !release.services.some(
        ({ swarmService, hash }) => swarmService === each.swarmService && hash === each.hash,
      ),
  )
}

const cannotGoBack = (detail: string) =>
  new Problem({
    code: 'config/no-backup-of-release',
    summary: 'The data cannot go back with the release.',
    detail,
    fix: ['zarpe rollback    # the program alone', 'zarpe backup list'],
  })
