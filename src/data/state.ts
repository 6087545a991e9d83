import { type Backup, type BackupState, localStore } from './model.ts'

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

/** The newest backup of a dataset that was restored and compared; null if there is none. */
export const newestProven = (backups: Backup[], dataset: string): Backup | null =>
  backups
    .filter((backup) => backup.dataset === dataset && stateOf(backup) === 'proven')
    .toSorted((left, right) => (left.id < right.id ? 1 : -1))[0] ?? null
