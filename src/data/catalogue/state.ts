import { datasetOfId } from './backup-name.ts'
import {
  type Backup,
  type BackupState,
  type Configured,
  localStore,
  type ObservedData,
} from '../model.ts'

/**
 * How far a backup has come: `taken` is a dump on the server alone, `stored` has a copy elsewhere,
 * `proven` was restored and compared. `failed` could not be restored as it was.
 */
export const stateOf = (backup: Backup): BackupState => {
  if (backup.proof?.outcome === 'failed') return 'failed'
  if (backup.proof?.outcome === 'proven') return 'proven'
  return storesOf(backup).some((store) => store !== localStore) ? 'stored' : 'taken'
}

/** Stores that have a whole copy. */
export const storesOf = (backup: Backup): string[] =>
  Object.entries(backup.copies).flatMap(([store, copy]) => (copy.state === 'stored' ? [store] : []))

/** A copy that a store did not take, and why. */
type Refused = { backup: Backup; store: string; problem: string }

/**
 * Copies that a store refused and is to be sent again: it is still asked to keep them, and the server
 * has its own copy to send.
 */
export const refusedCopies = (backups: Backup[], configured: Configured | null): Refused[] =>
  backups.flatMap((backup) => {
    const dataset = configured?.datasets.find(({ name }) => name === backup.dataset)
    if (!configured || !dataset || !storesOf(backup).includes(localStore)) return []
    return configured.stores.flatMap(({ name }) => {
      const copy = backup.copies[name]
      const isWanted = Object.hasOwn(dataset.keep, name) && copy?.state === 'failed'
      return isWanted ? [{ backup, store: name, problem: copy.problem }] : []
    })
  })

/** Of those, what makes a run fail that took these backups: what stores refused of the same data. */
export const refusedOfRun = (
  ids: string[],
  { backups, configured }: Pick<ObservedData, 'backups' | 'configured'>,
): Refused[] => {
  const datasets = new Set(ids.map(datasetOfId))
  return refusedCopies(
    backups.filter(({ dataset }) => datasets.has(dataset)),
    configured,
  )
}
