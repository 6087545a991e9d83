import { type Backup, type BackupState, type Configured, localStore } from '../model.ts'

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

/**
 * The backup that a restore takes where none is named: the newest proven one. On a new server, which
 * has proven nothing yet, it is the newest: a restore compares all of it in any case.
 */
export const newestToRestore = (backups: Backup[]): Backup | undefined => {
  const newestLast = backups.toSorted((left, right) => (left.id < right.id ? -1 : 1))
  return (
    newestLast.findLast((each) => stateOf(each) === 'proven') ??
    newestLast.findLast((each) => stateOf(each) !== 'failed')
  )
}

/** From when on any moment of a history can be had; null before its first base backup. */
export const momentsSince = (backups: Backup[], history: string): string | null =>
  backups.find((each) => each.log?.history === history && stateOf(each) !== 'failed')?.log
    ?.stoppedAt ?? null

/**
 * Copies that a store refused and is to be sent again: it is still asked to keep them, and the server
 * has its own copy to send.
 */
export const refusedCopies = (
  backups: Backup[],
  configured: Configured | null,
): { backup: Backup; store: string; problem: string }[] =>
  backups.flatMap((backup) => {
    const dataset = configured?.datasets.find(({ name }) => name === backup.dataset)
    if (!configured || !dataset || !storesOf(backup).includes(localStore)) return []
    return configured.stores.flatMap(({ name }) => {
      const copy = backup.copies[name]
      const isWanted = Object.hasOwn(dataset.keep, name) && copy?.state === 'failed'
      return isWanted ? [{ backup, store: name, problem: copy.problem }] : []
    })
  })
