import type { Moment } from '../engine.ts'
import { localStore } from '../model.ts'
import type { Archive, Log } from './model.ts'

/** Up to when a store has a log, as this server knows; null for not at all. */
export const throughIn = (log: Log, store: string): string | null =>
  store === localStore ? log.through : (log.stores[store]?.through ?? null)

/** The log of a history, if it is one of this server's. */
export const logIn = (archive: Archive | null | undefined, history: string): Log | undefined =>
  archive?.history === history ? archive : archive?.past.find((each) => each.history === history)

/**
 * Whether the end of a history's log, as a store has it, is as good as a moment that comes after it: nothing was committed
 * in between. Of a log that this server knows nothing of, nobody can tell.
 */
export const endsAsGood = (
  archive: Archive | null,
  history: string,
  store: string,
  to: Moment | null,
): boolean => {
  if (to === null || to === 'latest') return true
  const log = logIn(archive, history)
  const through = log ? throughIn(log, store) : null
  return through !== null && isBy(to, through)
}

/** Whether one time is not after another; both are ISO 8601 in UTC, to the millisecond or beyond it. */
export const isBy = (at: string, other: string): boolean => microsOf(at) <= microsOf(other)

const microsOf = (at: string) =>
  at.replace(/(?:\.(\d+))?Z$/, (_end, digits: string = '') => `.${digits.padEnd(6, '0')}Z`)

/** Whether another history was live at a time between two parts of this one. */
export const isAway = ({ away = [] }: Log, to: Moment): boolean =>
  to !== 'latest' && away.some(({ from, until }) => !isBy(to, from) && isBy(to, until))
