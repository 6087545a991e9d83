import type { EndedRun, ObservedRuns, ScheduledRuns } from './model.ts'

export const cutShort = { code: 'data/cut-short', text: 'it was cut short' }

/** What a text says of the runs of a dataset; null if it is none of ours, or damaged. */
export const parseRuns = (text: string): ScheduledRuns | null => {
  try {
    const found = JSON.parse(text) as Partial<ScheduledRuns> | null
    if (typeof found?.dataset !== 'string') return null
    return { dataset: found.dataset, last: found.last ?? null, running: found.running ?? null }
  } catch {
    return null
  }
}

/** One that begins: whatever the one before left open was cut short. */
export const begun = (
  former: ScheduledRuns | null,
  dataset: string,
  at: string,
): ScheduledRuns => ({
  dataset,
  last: former?.running
    ? { ...former.running, endedAt: at, problem: cutShort }
    : (former?.last ?? null),
  running: { startedAt: at },
})

/** How the last one ended that is over. */
export const lastRun = ({ last, running, isCut }: ObservedRuns): EndedRun | null =>
  running && isCut ? { ...running, endedAt: running.startedAt, problem: cutShort } : last
