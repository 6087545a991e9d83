import type { Release } from '../../release/model.ts'
import { takenAtOf } from '../backup-name.ts'
import type { ObservedData } from '../model.ts'
import { momentsSince, newestProven, refusedCopies, stateOf } from '../state.ts'
import type { DatasetHealth, Trouble } from './model.ts'

const hourMs = 3_600_000
/** Data with times of its own is backed up daily; a run may wait its turn for some hours. */
const missedMs = 24 * hourMs + 8 * hourMs

/** How the backups of each dataset stand, and what somebody should look at. */
export const healthOf = (
  observed: ObservedData,
  current: Pick<Release, 'createdAt'> | null,
  now: string,
): DatasetHealth[] =>
  (observed.configured?.datasets ?? []).map(({ name, kind, at }) => {
    const own = observed.backups.filter(({ dataset }) => dataset === name)
    const proven = newestProven(observed.backups, name)
    const ageMs = proven ? Date.parse(now) - Date.parse(takenAtOf(proven.id)) : null
    // Before its first time has come nothing was missed.
    const since = Date.parse(proven?.takenAt ?? current?.createdAt ?? now)
    const isMissed = at.length > 0 && Date.parse(now) - since > missedMs
    const newest = own.at(-1)
    return {
      dataset: name,
      lastProven: proven?.id ?? null,
      ageMs,
      ...(kind === 'cluster'
        ? { logAgeMs: logAge(observed, name, now), momentsSince: momentsOf(observed, name) }
        : {}),
      trouble: [
        ...(at.length > 0 ? failedRun(observed, name) : []),
        ...(isMissed
          ? [{ key: 'missed', text: 'a backup was missed: none was proven for more than 32 h' }]
          : []),
        ...(newest && stateOf(newest) === 'failed'
          ? [{ key: 'unproven', text: `the newest backup, ${newest.id}, could not be proven` }]
          : []),
        ...refused(own, observed.configured),
        ...(kind === 'cluster' && at.length > 0 ? logTrouble(observed, name, current, now) : []),
      ],
    }
  })

const refused = (backups: ObservedData['backups'], configured: ObservedData['configured']) =>
  [...new Set(refusedCopies(backups, configured).map(({ store }) => store))].map(
    (store): Trouble => ({ key: `store/${store}`, text: `${store} did not take a backup` }),
  )

/** What a run has left behind is judged by itself; of one that took no backup there is nothing else. */
const failedRun = ({ runs, backups }: ObservedData, name: string): Trouble[] => {
  const run = runs.find(({ dataset }) => dataset === name)
  if (!run || (run.problem === null && !run.isCut)) return []
  const hasTaken = backups.some(
    ({ dataset, takenAt }) => dataset === name && takenAt >= run.startedAt,
  )
  if (hasTaken) return []
  const at = `the backup of ${run.startedAt.slice(0, 16).replace('T', ' ')} UTC`
  const text = run.isCut ? `${at} was cut short` : `${at} failed: ${run.problem}`
  return [{ key: 'failed', text }]
}

const momentsOf = ({ archives, backups }: ObservedData, name: string): string | null => {
  const archive = archives.find(({ dataset }) => dataset === name)
  return archive ? momentsSince(backups, archive.history) : null
}

const logAge = ({ archives }: ObservedData, name: string, now: string): number | null => {
  const through = archives.find(({ dataset }) => dataset === name)?.through ?? null
  return through === null ? null : Date.parse(now) - Date.parse(through)
}

/** A round takes seconds, and there is one every 40 s; a base backup may keep it waiting for a moment. */
const behindMinutes = 5

const logTrouble = (
  { archives }: ObservedData,
  name: string,
  current: Pick<Release, 'createdAt'> | null,
  now: string,
): Trouble[] => {
  const archive = archives.find(({ dataset }) => dataset === name)
  const began = current?.createdAt ?? now
  const minutes = (since: string | null | undefined) =>
    Math.round((Date.parse(now) - Date.parse(since ?? began)) / 60_000)
  const isBehind = (since: string | null | undefined) => minutes(since) > behindMinutes
  return [
    ...(archive?.problem
      ? [{ key: 'log', text: `the log is not archived: ${archive.problem}` }]
      : []),
    ...(isBehind(archive?.through) && !archive?.problem
      ? [{ key: 'log', text: `no log was archived for ${minutes(archive?.through)} min` }]
      : []),
    ...Object.entries(archive?.stores ?? {}).flatMap(([store, { through, problem }]): Trouble[] => {
      const key = `log/${store}`
      if (problem !== null) return [{ key, text: `${store} did not take the log: ${problem}` }]
      return isBehind(through)
        ? [{ key, text: `${store} got no log for ${minutes(through)} min` }]
        : []
    }),
  ]
}
