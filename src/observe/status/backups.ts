import { takenAtOf } from '../../data/backup-name.ts'
import type { ObservedData } from '../../data/model.ts'
import { newestProven, refusedCopies, stateOf } from '../../data/state.ts'
import type { Release } from '../../release/model.ts'
import type { DatasetReport } from './model.ts'

const hourMs = 3_600_000
/** Data with times of its own is backed up daily; a run may wait its turn for some hours. */
const missedMs = 24 * hourMs + 8 * hourMs

/** How the backups of each dataset stand, and what somebody should look at. */
export const backupsOf = (
  observed: ObservedData,
  current: Release | null,
  now: string,
): DatasetReport[] =>
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
      ...(kind === 'cluster' ? { logAgeMs: logAge(observed, name, now) } : {}),
      trouble: [
        ...(isMissed ? ['a backup was missed: none was proven for more than 32 h'] : []),
        ...(newest && stateOf(newest) === 'failed'
          ? [`the newest backup, ${newest.id}, could not be proven`]
          : []),
        ...refused(own, observed.configured),
        ...(kind === 'cluster' && at.length > 0 ? logTrouble(observed, name, current, now) : []),
      ],
    }
  })

const refused = (backups: ObservedData['backups'], configured: ObservedData['configured']) =>
  [...new Set(refusedCopies(backups, configured).map(({ store }) => store))].map(
    (store) => `${store} did not take a backup`,
  )

const logAge = ({ archives }: ObservedData, name: string, now: string): number | null => {
  const through = archives.find(({ dataset }) => dataset === name)?.through ?? null
  return through === null ? null : Date.parse(now) - Date.parse(through)
}

/** A round takes seconds, and there is one every 40 s; a base backup may keep it waiting for a moment. */
const behindMinutes = 5

const logTrouble = (
  { archives }: ObservedData,
  name: string,
  current: Release | null,
  now: string,
): string[] => {
  const archive = archives.find(({ dataset }) => dataset === name)
  const began = current?.createdAt ?? now
  const minutes = (since: string | null | undefined) =>
    Math.round((Date.parse(now) - Date.parse(since ?? began)) / 60_000)
  const isBehind = (since: string | null | undefined) => minutes(since) > behindMinutes
  return [
    ...(archive?.problem ? [`the log is not archived: ${archive.problem}`] : []),
    ...(isBehind(archive?.through) && !archive?.problem
      ? [`no log was archived for ${minutes(archive?.through)} min`]
      : []),
    ...Object.entries(archive?.stores ?? {}).flatMap(([store, { through, problem }]) => {
      if (problem !== null) return [`${store} did not take the log: ${problem}`]
      return isBehind(through) ? [`${store} got no log for ${minutes(through)} min`] : []
    }),
  ]
}
