import { takenAtOf } from '../catalogue/backup-name.ts'
import { neededFor } from './chain.ts'
import { isOfNow } from '../catalogue/newest.ts'
import { type Backup, localStore, type Retention } from '../model.ts'
import { stateOf } from '../catalogue/state.ts'

const dayMs = 24 * 3_600_000

/**
 * The backups of one dataset whose copies in a store no rule keeps, oldest first. The newest proven one
 * always stays, and so does everything newer than it that may be good. One that could not be proven is kept by its age
 * alone, lest it takes the place of a good one, or fills the disk night after night; the newest stays, to be looked at.
 * What one that stays builds on stays too, and what a clock that was ahead has dated until then.
 */
export const spentCopies = (
  backups: Backup[],
  store: string,
  rules: Retention,
  now: string,
): Backup[] => {
  const stored = backups.filter((backup) => backup.copies[store]?.state === 'stored')
  const newestFirst = stored
    .filter((backup) => isOfNow(backup, now))
    .toSorted((left, right) => (left.id < right.id ? 1 : -1))
  const proven = newestFirst.find((backup) => stateOf(backup) === 'proven')
  // Without any proven one nothing is removed: all of them may be needed.
  if (!proven) return []
  const wanted = new Set([newestFirst[0]!, proven, ...keptBy(newestFirst, rules, Date.parse(now))])
  const kept = newestFirst.filter(
    (backup) => wanted.has(backup) || (backup.id > proven.id && mayBeGood(backup)),
  )
  // What the store is still to be sent may build on one, too; the server's own is sent nothing.
  const toCome = backups.filter(
    (backup) => store !== localStore && backup.copies[store]?.state === 'failed',
  )
  const ahead = stored.filter((backup) => !isOfNow(backup, now))
  const needed = neededFor(backups, [...kept, ...ahead, ...toCome])
  return newestFirst.filter((backup) => !kept.includes(backup) && !needed.has(backup)).toReversed()
}

const mayBeGood = (backup: Backup) => stateOf(backup) !== 'failed'

const keptBy = (newestFirst: Backup[], rules: Retention, nowMs: number): Backup[] => {
  const good = newestFirst.filter(mayBeGood)
  return [
    ...(rules.forMs === null
      ? []
      : newestFirst.filter(({ id }) => nowMs - Date.parse(takenAtOf(id)) <= rules.forMs!)),
    ...(rules.reachMs === undefined ? [] : leadingInto(good, rules.reachMs, nowMs)),
    ...good.slice(0, rules.last ?? 0),
    ...newestOfEach(good, rules.daily, (at) => at.toISOString().slice(0, 10)),
    ...newestOfEach(good, rules.weekly, (at) => String(weekOf(at))),
    ...newestOfEach(good, rules.monthly, (at) => at.toISOString().slice(0, 7)),
  ]
}

/**
 * Base backups from which moments of the last so long are reached, however many that were due since are missing: of each
 * history that goes on in that time, the newest of before, and the newest that is proven. Newest first.
 */
const leadingInto = (good: Backup[], reachMs: number, nowMs: number): Backup[] => {
  // From when on one has moments, which is not when it was begun.
  const isBefore = ({ id, log }: Backup) =>
    nowMs - Date.parse(log?.stoppedAt || takenAtOf(id)) >= reachMs
  const before = good.filter(isBefore)
  const isProven = (backup: Backup) => stateOf(backup) === 'proven'
  return before.filter((backup) => {
    const isSame = (each: Backup) => each.log?.history === backup.log?.history
    const goesOn = isSame(before[0]!) || good.some((each) => isSame(each) && !isBefore(each))
    const isNewest = [before.find(isSame), before.find((each) => isSame(each) && isProven(each))]
    return goesOn && isNewest.includes(backup)
  })
}

/** Weeks begin on Monday; the epoch was a Thursday. */
const weekOf = (at: Date) => Math.floor((at.getTime() / dayMs + 3) / 7)

/** The newest backup of each of the last so many periods that have one at all. */
const newestOfEach = (
  newestFirst: Backup[],
  periods: number | null,
  periodOf: (at: Date) => string,
): Backup[] => {
  if (periods === null) return []
  const newest = new Map<string, Backup>()
  for (const backup of newestFirst) {
    const period = periodOf(new Date(takenAtOf(backup.id)))
    if (!newest.has(period) && newest.size < periods) newest.set(period, backup)
  }
  return [...newest.values()]
}
