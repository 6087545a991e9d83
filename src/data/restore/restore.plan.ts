import type { AnyStep } from '../../plan/kinds.ts'
import type { Plan } from '../../plan/plan.ts'
import { Problem } from '../../problem/problem.ts'
import type { Backup, Keys, ObservedData } from '../model.ts'
import { storesWith } from '../backup/chain.ts'
import { restoreWords } from './restore-words.ts'
import type { Chosen } from './moment.plan.ts'
import { newestToRestore } from '../catalogue/newest.ts'
import { stateOf } from '../catalogue/state.ts'
import { step } from '../step.ts'

/** What live data is called, and what a restore beside and aside of it will be. */
export type RestoreNames = { live: string; beside: string; aside: string }

export type RestoreOptions = {
  backup: Backup
  from: string
  /** Of copies that are encrypted. */
  keys?: Keys | undefined
  names: RestoreNames
  at: string
  title: string
  /** The release that is being rolled back to; null for a restore by itself. */
  release: number | null
  /** What is known of the losses, for the notes. */
  notes: string[]
  /** The moment, if another than the backup's own is meant. */
  moment?: Chosen
}

/** Beside the live data, compared with the manifest; not yet in its place. */
export const loadStep = (options: RestoreOptions): AnyStep =>
  step.load(
    {
      ...restored(options),
      from: options.from,
      ...(options.keys ? { keys: options.keys } : {}),
      ...(options.moment ? { to: options.moment.to } : {}),
    },
    restoreWords(options.backup.kind).load,
  )

/** The one moment at which the restored data becomes the live one. */
export const swapStep = (options: RestoreOptions): AnyStep =>
  step.swap(
    { ...restored(options), aside: options.names.aside },
    restoreWords(options.backup.kind).swap(options.names.aside),
  )

const restored = ({ backup, names, at, release }: RestoreOptions) => ({
  project: backup.project,
  id: backup.id,
  live: names.live,
  beside: names.beside,
  at,
  release,
})

/** Removes what restores that were cut short have left beside the live data. */
export const leftBeside = (observed: ObservedData): AnyStep[] =>
  observed.asides
    .filter(({ is, release }) => is === 'beside' && release === null)
    .map(({ name }) => step.discard(observed.project, name, 'a restore was cut short'))

/** What the live server has not archived yet is to be had too, now and after it was put aside. */
const archiveFirst = (observed: ObservedData, { backup }: RestoreOptions): AnyStep[] =>
  observed.archives.some(({ dataset }) => dataset === backup.dataset)
    ? [
        step.archive(
          { project: backup.project, dataset: backup.dataset },
          'the log of the live server until now, if it runs',
        ),
      ]
    : []

/** Brings a backup back in the live data's place. `basis` is the project's, whose lock it takes. */
export const planRestore = (
  basis: string,
  observed: ObservedData,
  options: RestoreOptions,
): Plan => ({
  verb: 'backup restore',
  title: options.title,
  scope: options.backup.project,
  basis,
  steps: [
    ...leftBeside(observed),
    ...archiveFirst(observed, options),
    loadStep(options),
    swapStep(options),
  ],
  notes: [
    ...(stateOf(options.backup) === 'proven' ? [] : ['this backup has not been proven']),
    ...options.notes,
    restoreWords(options.backup.kind).back(options.names.aside),
  ],
})

/** The backup that is meant: the one named, or the newest to restore of the only dataset. */
export const chosenBackup = (
  observed: ObservedData,
  id: string | undefined,
  dataset: string | undefined,
): Backup => {
  // A server as a whole, with every database, is meant by whoever names it.
  const known =
    dataset === undefined
      ? observed.backups.filter(({ kind }) => kind !== 'cluster')
      : observed.backups.filter((each) => each.dataset === dataset)
  const possible = known.filter((each) => storesWith(observed.backups, each).length > 0)
  const found =
    id === undefined
      ? newestToRestore(observed.backups, possible, observed.now)
      : observed.backups.find((each) => each.id === id)
  const several = new Set(known.map((each) => each.dataset)).size > 1
  if (id === undefined && dataset === undefined && several) throw whichDataset(observed)
  if (found) return found
  throw new Problem({
    code: 'data/no-such-backup',
    summary: 'There is no such backup.',
    detail:
      id === undefined
        ? 'No backup has been taken yet.'
        : `"${id}" is none of the ${observed.backups.length} backups that the server knows.`,
    fix: [
      'zarpe backup list',
      'zarpe backup now',
      ...(observed.archives.length > 0 ? ['zarpe backup restore --to latest'] : []),
    ],
  })
}

const whichDataset = (observed: ObservedData) =>
  new Problem({
    code: 'data/which-dataset',
    summary: 'It is not clear which data is meant.',
    detail: `There are backups of ${[...new Set(observed.backups.map((each) => each.dataset))].join(', ')}.`,
    fix: ['Name the backup (zarpe backup list), or add --dataset <name>.'],
  })
