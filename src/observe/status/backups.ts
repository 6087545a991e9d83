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
  (observed.configured?.datasets ?? []).map(({ name, at }) => {
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
      trouble: [
        ...(isMissed ? ['a backup was missed: none was proven for more than 32 h'] : []),
        ...(newest && stateOf(newest) === 'failed'
          ? [`the newest backup, ${newest.id}, could not be proven`]
          : []),
        ...refused(own, observed.configured),
      ],
    }
  })

const refused = (backups: ObservedData['backups'], configured: ObservedData['configured']) =>
  [...new Set(refusedCopies(backups, configured).map(({ store }) => store))].map(
    (store) => `${store} did not take a backup`,
  )
