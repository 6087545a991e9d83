import { isWhole } from '../backup/chain.ts'
import type { Backup } from '../model.ts'
import { stateOf } from './state.ts'

/** A clock that is set right meanwhile may have been a little ahead. */
const aheadMs = 3_600_000

/** Whether a backup was dated by a clock that was right: what comes from the future is newer than anything for nobody. */
export const isOfNow = ({ takenAt }: Backup, now: string): boolean =>
  Date.parse(takenAt) <= Date.parse(now) + aheadMs

/** The newest backup of a dataset that was restored and compared, and can be again; null if there is none. */
export const newestProven = (backups: Backup[], dataset: string, now: string): Backup | null =>
  backups
    .filter(
      (backup) =>
        backup.dataset === dataset && stateOf(backup) === 'proven' && isOfNow(backup, now),
    )
    .toSorted((left, right) => (left.id < right.id ? 1 : -1))
    .find((backup) => isWhole(backups, backup)) ?? null

/**
 * Of these, the backup that a restore takes where none is named: the newest proven one. On a new server, which
 * has proven nothing yet, it is the newest: a restore compares all of it in any case.
 */
export const newestToRestore = (
  backups: Backup[],
  possible: Backup[],
  now: string,
): Backup | undefined => {
  const whole = possible
    .filter((each) => isWhole(backups, each))
    .toSorted((left, right) => (left.id < right.id ? -1 : 1))
  const ofNow = whole.filter((each) => isOfNow(each, now))
  // Where all are of the future, it is the clock of now that is wrong.
  const newestLast = ofNow.length > 0 ? ofNow : whole
  return (
    newestLast.findLast((each) => stateOf(each) === 'proven') ??
    newestLast.findLast((each) => stateOf(each) !== 'failed')
  )
}

/** From when on any moment of a history can be had; null before its first base backup. */
export const momentsSince = (backups: Backup[], history: string): string | null =>
  backups.find(
    (each) => each.log?.history === history && stateOf(each) !== 'failed' && isWhole(backups, each),
  )?.log?.stoppedAt ?? null
