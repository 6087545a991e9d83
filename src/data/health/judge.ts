import { takenAtOf } from '../catalogue/backup-name.ts'
import type { Backup, Copy, Dataset, ObservedData } from '../model.ts'
import { isOfNow, momentsSince, newestProven } from '../catalogue/newest.ts'
import { refusedCopies, stateOf } from '../catalogue/state.ts'
import type { Archive } from '../wal/model.ts'
import type { DatasetHealth, Trouble } from './model.ts'
import { lastRun } from './runs.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Data with times of its own is backed up daily; a run may wait its turn for some hours. */
const missedMs = 24 * hourMs + 8 * hourMs

/** How the backups of each dataset stand, and what somebody should look at. */
export const healthOf = (seen: ObservedData, now: string): DatasetHealth[] => {
  const observed = { ...seen, backups: seen.backups.filter((each) => isOfNow(each, now)) }
  const configured = observed.configured?.datasets ?? []
  const lost = observed.runs
    .filter(({ dataset }) => !configured.some(({ name }) => name === dataset))
    .map(({ dataset }) => lostDataset(observed, dataset))
  return [
    ...configured.map(({ name, kind, at, keep }): DatasetHealth => {
      const own = observed.backups.filter(({ dataset }) => dataset === name)
      const proven = newestProven(observed.backups, name, now)
      const isCluster = kind === 'cluster'
      const left = [...unproven(own), ...refused(own, observed, now)]
      const trouble =
        at.length === 0
          ? left
          : [
              ...failedRun(observed, name),
              ...missed(observed, proven ?? own[0], now),
              ...left,
              ...(isCluster ? logTrouble(observed, { name, keep }, now) : []),
            ]
      return {
        dataset: name,
        lastProven: proven?.id ?? null,
        ageMs: proven ? Date.parse(now) - Date.parse(takenAtOf(proven.id)) : null,
        ...(isCluster
          ? { logAgeMs: logAge(observed, name, now), momentsSince: momentsOf(observed, name) }
          : {}),
        trouble,
      }
    }),
    ...lost,
  ]
}

/** A timer runs for it, and the server does not know it: its settings are lost. */
const lostDataset = (observed: ObservedData, name: string): DatasetHealth => ({
  dataset: name,
  lastProven: newestProven(observed.backups, name, observed.now)?.id ?? null,
  ageMs: null,
  trouble: [
    {
      key: 'unknown',
      text: 'the server does not know any more how it is backed up: zarpe deploy',
    },
  ],
})

/** Before its first time has come nothing was missed; other settings are no reason to count anew. */
const missed = (
  { configuredAt }: ObservedData,
  provenOrFirst: Backup | undefined,
  now: string,
): Trouble[] => {
  const since = provenOrFirst?.takenAt ?? configuredAt ?? now
  return Date.parse(now) - Date.parse(since) > missedMs
    ? [{ key: 'missed', text: 'a backup was missed: none was proven for more than 32 h' }]
    : []
}

/** Judged by the newest that was tried: one that is being taken says nothing yet. */
const unproven = (own: Backup[]): Trouble[] => {
  const newest = own.findLast(({ proof }) => proof !== null)
  return newest && stateOf(newest) === 'failed'
    ? [{ key: 'unproven', text: `the newest backup, ${newest.id}, could not be proven` }]
    : []
}

const sendingMs = 24 * 3_600_000

/** Being sent is no trouble, until it would take longer than there is between two backups. */
const isUnderWay = (copy: Copy | undefined, now: string): boolean =>
  copy?.state === 'failed' &&
  copy.begun === true &&
  Date.parse(now) - Date.parse(copy.at) < sendingMs

/** By store, and why it did not take the newest of them. */
const refused = (own: Backup[], { configured }: ObservedData, now: string): Trouble[] => {
  const newest = new Map(
    refusedCopies(own, configured)
      .filter(({ backup, store }) => !isUnderWay(backup.copies[store], now))
      .map(({ store, problem }) => [store, problem]),
  )
  return [...newest].map(([store, problem]) => ({
    key: `store/${store}`,
    text: `${store} did not take a backup: ${problem}`,
  }))
}

/** A run that failed is made good by the next one, or by a proven backup that was taken by hand since. */
const failedRun = ({ runs, backups }: ObservedData, name: string): Trouble[] => {
  const own = runs.find(({ dataset }) => dataset === name)
  const run = own ? lastRun(own) : null
  if (!run?.problem || isInCatalogue(run.problem.code)) return []
  const isMadeGood = backups.some(
    (each) =>
      each.dataset === name &&
      each.reason !== 'schedule' &&
      each.takenAt > run.startedAt &&
      stateOf(each) === 'proven',
  )
  if (isMadeGood) return []
  const at = `${run.startedAt.slice(0, 16).replace('T', ' ')} UTC`
  const text = `the backup of ${at} failed: ${run.problem.text}`
  return [{ key: 'failed', text, occasion: run.startedAt }]
}

/** Told by how it stands there now: the store may have got its copy since, and the backup its proof. */
const isInCatalogue = (code: string): boolean =>
  code === 'data/not-proven' || code === 'data/not-stored'

const momentsOf = ({ archives, backups }: ObservedData, name: string): string | null => {
  const archive = archives.find(({ dataset }) => dataset === name)
  return archive ? momentsSince(backups, archive.history) : null
}

const logAge = ({ archives }: ObservedData, name: string, now: string): number | null => {
  const through = archives.find(({ dataset }) => dataset === name)?.through ?? null
  return through === null ? null : Date.parse(now) - Date.parse(through)
}

/** A round takes seconds, and there is one every 40 s; a base backup may keep it waiting for a moment. */
const behindMs = 5 * minuteMs

const logTrouble = (
  { archives, configuredAt }: ObservedData,
  { name, keep }: Pick<Dataset, 'name' | 'keep'>,
  now: string,
): Trouble[] => {
  const archive = archives.find(({ dataset }) => dataset === name)
  const behind = (through: string | null) => {
    const ms = Date.parse(now) - Date.parse(sinceOf(archive, through) ?? configuredAt ?? now)
    return ms > behindMs ? Math.round(ms / minuteMs) : null
  }
  const minutes = behind(archive?.through ?? null)
  const why = archive?.problem ? `: ${archive.problem}` : ''
  return [
    ...(minutes === null
      ? []
      : [{ key: 'log', text: `no log was archived for ${minutes} min${why}` }]),
    ...Object.entries(archive?.stores ?? {}).flatMap(([store, { through, problem }]): Trouble[] => {
      // One that was taken out of zarpe.yml gets no more, as it is to be.
      const late = Object.hasOwn(keep, store) ? behind(through) : null
      if (late === null) return []
      const text = `${store} got no log for ${late} min${problem === null ? '' : `: ${problem}`}`
      return [{ key: `log/${store}`, text }]
    }),
  ]
}

/** A history that was taken up just now has not got far. */
const sinceOf = (archive: Archive | undefined, through: string | null): string | null =>
  [through, archive?.beganAt ?? null]
    .filter((each) => each !== null)
    .toSorted()
    .at(-1) ?? null
