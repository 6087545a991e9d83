import { plainText } from '../../problem/plain.ts'
import { takenAtOf } from './backup-name.ts'
import type { Loss } from '../engine.ts'
import { kindOfAside } from '../restore/aside.plan.ts'
import type { Backup, Configured, ObservedData } from '../model.ts'
import { restoreWords } from '../restore/restore-words.ts'
import { momentsSince, newestProven } from './newest.ts'
import { stateOf, storesOf } from './state.ts'

/** The catalogue as lines: each dataset with the age of its last proven backup, then its backups. */
export const catalogueLines = (observed: ObservedData): string[] => {
  const names = new Set([
    ...(observed.configured?.datasets ?? []).map(({ name }) => name),
    ...observed.backups.map(({ dataset }) => dataset),
  ])
  if (names.size === 0)
    return ['No data is backed up: name it in zarpe.yml under `databases` or `volumes`.']
  return [...names].flatMap((name) => [
    headLine(observed, name),
    ...archiveLines(observed, name),
    ...table(observed.backups.filter(({ dataset }) => dataset === name).toReversed()),
  ])
}

const headLine = (observed: ObservedData, name: string): string => {
  const dataset = observed.configured?.datasets.find((each) => each.name === name)
  const proven = newestProven(observed.backups, name, observed.now)
  const times = dataset
    ? dataset.at.length > 0
      ? `daily at ${dataset.at.join(', ')}`
      : 'by hand'
    : 'no longer backed up'
  const last = proven ? `last proven ${ageText(proven.id, observed.now)} ago` : 'none is proven'
  return `${name}  ${last} · ${times}`
}

/** Which moments can be had of a server whose log is archived, and how far each store has come. */
const archiveLines = ({ archives, backups, now }: ObservedData, name: string): string[] => {
  const archive = archives.find(({ dataset }) => dataset === name)
  if (!archive) return []
  const reach = (through: string | null) =>
    through === null ? 'nothing yet' : `through ${through} (${ageSince(through, now)} ago)`
  const current = momentsSince(backups, archive.history)
  return [
    current !== null
      ? `  any moment since ${current}, ${reach(archive.through)}`
      : `  no moment of now yet: a base backup is still to come; log ${reach(archive.through)}`,
    ...archive.past.flatMap(({ history, through }) => {
      const from = momentsSince(backups, history)
      return from !== null && through !== null && through > from
        ? [`  and from ${from} to ${through}`]
        : []
    }),
    ...(archive.problem === null ? [] : [`  not archived: ${archive.problem}`]),
    ...Object.entries(archive.stores).map(([store, reached]) =>
      reached.problem === null
        ? `  ${store}: ${reach(reached.through)}`
        : `  ${store}: ${reach(reached.through)}; ${reached.problem}`,
    ),
  ].map(plainText)
}

const table = (backups: Backup[]): string[] => {
  const rows = backups.map((backup) => [
    backup.id,
    stateOf(backup),
    bytesText(backup.file.bytes),
    summaryText(backup),
    storesOf(backup).join(', ') || 'no store',
    backup.reason,
    ...refusedBy(backup),
  ])
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]!.length)),
  )
  return rows.map(
    (row) =>
      `  ${row.map((cell, column) => (column < widths.length ? cell.padEnd(widths[column]!) : cell)).join('  ')}`,
  )
}

const refusedBy = ({ copies }: Backup): string[] => {
  const refused = Object.entries(copies).filter(([, copy]) => copy.state === 'failed')
  return refused.length > 0 ? [`(not in ${refused.map(([store]) => store).join(', ')})`] : []
}

export const plural = (count: number, word: string) =>
  `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`

export const summaryText = ({ summary: { units, unit, rows, row }, log }: Backup): string =>
  [
    `${plural(units, unit)}, ${plural(rows, row)}`,
    ...(log?.after === undefined ? [] : [`changed since ${takenAtOf(log.after)}`]),
  ].join(' ')

/** What a proof and a restore have found, once nothing differs. */
export const comparedText = (backup: Backup): string =>
  `${summaryText(backup)}: restored and compared, nothing differs from the manifest`

export const bytesText = (bytes: number): string => {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`
}

/** How long ago a backup was begun, in its largest unit. */
export const ageText = (id: string, now: string): string => ageSince(takenAtOf(id), now)

/** How long ago a moment was, in its largest unit. */
export const ageSince = (at: string, now: string): string => {
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(at)) / 1000))
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`
}

/** One backup, with each copy and its proof. */
export const backupLines = (backup: Backup, now: string): string[] => [
  `${backup.id}  ${stateOf(backup)}`,
  `  taken      ${backup.takenAt} (${ageText(backup.id, now)} ago), ${backup.reason}${backup.release === null ? '' : `, release ${backup.release}`}`,
  `  holds      ${summaryText(backup)}; ${bytesText(backup.file.bytes)}, SHA-256 ${backup.file.sha256}`,
  ...(backup.log?.after === undefined ? [] : [`  builds on  ${backup.log.after}`]),
  ...Object.entries(backup.copies).map(([store, copy]) =>
    copy.state === 'stored'
      ? `  stored     ${store}, ${copy.at}${copy.encrypted ? ', encrypted' : ''}`
      : `  not stored ${store}, ${copy.at}: ${copy.problem}`,
  ),
  ...proofLines(backup),
]

const proofLines = ({ proof }: Backup): string[] => {
  if (!proof) return ['  not proven yet']
  const where = `${proof.at}, restored from ${proof.from} in ${(proof.ms / 1000).toFixed(1)} s`
  if (proof.outcome === 'proven') return [`  proven     ${where}, no difference`]
  return [`  NOT PROVEN ${where}`, ...proof.differences.map((line) => `    ${plainText(line)}`)]
}

export const asideLines = ({ asides, ...known }: ObservedData): string[] =>
  asides.length === 0
    ? ['Nothing is put aside.']
    : asides.map((aside) => {
        const { is, name, was, at, backup, dataset } = aside
        return is === 'beside'
          ? `${name}  was restored from ${backup} beside ${was} of ${dataset} and never put in its place`
          : `${name}  ${restoreWords(kindOfAside(known, aside)).aside(`${was} of ${dataset}`, at, backup)}`
      })

/** What a restore would change, largest loss first; tables that stay as they are left out. */
export const lossLines = (losses: Loss[]): string[] => {
  const changed = losses
    .filter(({ rowsNow, rowsThen, words }) => words !== undefined || rowsNow !== rowsThen)
    .toSorted((left, right) => right.rowsNow - right.rowsThen - (left.rowsNow - left.rowsThen))
  if (changed.length === 0)
    return [
      losses.length > 0 ? 'every table has as many rows as then' : 'nothing is seen to differ',
    ]
  return changed
    .slice(0, linesMax)
    .map(({ what: name, rowsNow, rowsThen, row = 'row', words: own }) => {
      const what = plainText(name)
      if (own) return `${what} ${own}`
      const difference = rowsNow - rowsThen
      const words =
        difference > 0 ? `${plural(difference, row)} fewer` : `${plural(-difference, row)} more`
      return `${what}: ${words} (${rowsNow.toLocaleString('en-US')} now, ${rowsThen.toLocaleString('en-US')} then)`
    })
    .concat(changed.length > linesMax ? [`and ${changed.length - linesMax} more`] : [])
}

const linesMax = 30

/** Which stores there are, for `zarpe backup list`. */
export const storeLines = ({ stores, encrypted }: Configured): string[] =>
  stores.map(({ name, where }) => `${name}: ${where}${encrypted ? ' (encrypted)' : ''}`)
