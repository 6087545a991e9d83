import { loadStep, type RestoreNames, swapStep } from '../../data/restore/restore.plan.ts'
import { stateOf } from '../../data/catalogue/state.ts'
import type { AnyStep } from '../../plan/kinds.ts'
import { Problem } from '../../problem/problem.ts'
import type { Backup, Keys } from '../../data/model.ts'
import type { Observed, Release } from '../model.ts'
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
  const after = observed.releases
    .filter(({ number }) => number > target.number && number <= (observed.current ?? 0))
    .find(({ migration, state }) => migration !== null && state !== 'failed')
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
  const stays = new Set(release.services.map(({ swarmService }) => swarmService))
  const stopped = (current?.services ?? []).filter(
    ({ role, swarmService }) => role === 'service' && !stays.has(swarmService),
  )
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

const cannotGoBack = (detail: string) =>
  new Problem({
    code: 'config/no-backup-of-release',
    summary: 'The data cannot go back with the release.',
    detail,
    fix: ['zarpe rollback    # the program alone', 'zarpe backup list'],
  })
