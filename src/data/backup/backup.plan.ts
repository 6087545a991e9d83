import type { AnyStep } from '../../plan/kinds.ts'
import type { Plan } from '../../plan/plan.ts'
import { dataScope } from '../../plan/scope.ts'
import { backupId } from '../catalogue/backup-name.ts'
import {
  type Backup,
  type BackupReason,
  type Configured,
  localStore,
  type ObservedData,
} from '../model.ts'
import { spentCopies } from './retention.ts'
import { refusedCopies } from '../catalogue/state.ts'
import { step } from '../step.ts'

type Dataset = Configured['datasets'][number]

type Refused = { backup: Backup; store: string }

type Taken = { dataset: Dataset; id: string }

export type BackupOptions = {
  /** Names of datasets; all of them if empty. */
  datasets: string[]
  reason: BackupReason
  at: string
  title: string
}

/**
 * Takes, proves and stores backups, retries what a store refused before, and removes what no rule keeps. Of the server's own
 * copies that comes first: a run that ends in between, night after night, must not fill the disk.
 */
export const planBackup = (observed: ObservedData, options: BackupOptions): Plan => {
  const { project } = observed
  const settings = observed.configured ?? { datasets: [], stores: [], encrypted: false }
  const datasets = chosen(settings, options.datasets)
  const taken = datasets.map((dataset) => ({ dataset, id: backupId(dataset.name, options.at) }))
  const refused = refusedCopies(observed.backups, observed.configured)
  const isBefore = (one: Refused, { dataset }: Taken) =>
    one.backup.log !== undefined && one.backup.dataset === dataset.name
  const others = refused.filter((one) => !taken.some((each) => isBefore(one, each)))
  const spent = prunes(datasets, withoutFound(observed), options.at)
  return {
    verb: 'backup',
    title: options.title,
    scope: dataScope(project),
    basis: '',
    steps: [
      ...ownSpent(spent, refused).map((each) => pruneStep(project, each)),
      ...taken.flatMap((each) => [
        ...newBackup(project, each, options.reason),
        ...sends(
          project,
          settings,
          each,
          refused.filter((one) => isBefore(one, each)),
        ),
      ]),
      ...retries(others),
      ...elsewhere(spent).map((each) => pruneStep(project, each)),
      step.conclude({ project, ids: taken.map(({ id }) => id) }),
    ],
    notes: [],
  }
}

/** Removes what no rule keeps, of all datasets. */
export const planPrune = (observed: ObservedData, title: string): Plan => {
  const { project, configured, backups, now } = observed
  const spent = prunes(configured?.datasets ?? [], observed, now)
  const own = ownSpent(spent, refusedCopies(backups, configured))
  return {
    verb: 'backup prune',
    title,
    scope: dataScope(project),
    basis: '',
    steps: [...own, ...elsewhere(spent)].map((each) => pruneStep(project, each)),
    notes: [],
  }
}

/** What takes one backup before something that may harm the data. It is proven before that begins. */
export const backupBefore = (
  project: string,
  dataset: { name: string },
  reason: BackupReason,
  at: string,
): { id: string; steps: AnyStep[] } => {
  const id = backupId(dataset.name, at)
  const why = `the way back ${reason.replace('before a', 'from the')}`
  return {
    id,
    steps: [
      step.take({ project, dataset: dataset.name, id, reason }, why),
      step.prove({ project, id, from: localStore }, 'a backup is one only when it was restored'),
    ],
  }
}

const newBackup = (project: string, { dataset, id }: Taken, reason: BackupReason): AnyStep[] => [
  step.take({ project, dataset: dataset.name, id, reason }, causeOf(reason)),
  step.prove({ project, id, from: localStore }, 'a backup is one only when it was restored'),
]

/**
 * The new copy into each store, after those that it builds on and the store has not taken. A store that is to be sent more
 * than that keeps none of the others waiting.
 */
const sends = (
  project: string,
  { stores }: Configured,
  { dataset, id }: Taken,
  before: Refused[],
): AnyStep[] => {
  const first = (store: string) => before.filter((one) => one.store === store)
  return stores
    .filter(({ name }) => Object.hasOwn(dataset.keep, name))
    .toSorted((left, right) => first(left.name).length - first(right.name).length)
    .flatMap(({ name }) => [
      ...retries(first(name)),
      step.send({ project, id, store: name }, 'a copy that outlives the server'),
    ])
}

const causeOf = (reason: BackupReason) =>
  reason === 'schedule' ? 'its time has come' : reason === 'by hand' ? 'it was asked for' : reason

const retries = (refused: Refused[]): AnyStep[] =>
  refused.map(({ backup: { project, id }, store }) =>
    step.send({ project, id, store }, 'it is not there yet'),
  )

/**
 * What another server has left in a store is nothing that a clock removes: on a new one, whose first backups are of empty
 * data, it may be all there is.
 */
const withoutFound = (observed: ObservedData): ObservedData => ({
  ...observed,
  backups: observed.backups.filter(({ isFound }) => !isFound),
})

type Spent = { store: string; ids: string[] }

/** What no rule keeps, by store. */
const prunes = (datasets: Dataset[], { backups }: ObservedData, now: string): Spent[] => {
  const spent = datasets.flatMap(({ name, keep }) =>
    Object.entries(keep).map(([store, rules]) => {
      const own = backups.filter((backup) => backup.dataset === name)
      return { store, ids: spentCopies(own, store, rules, now).map(({ id }) => id) }
    }),
  )
  return [...new Set(spent.map(({ store }) => store))]
    .map((store) => ({
      store,
      ids: spent.flatMap((each) => (each.store === store ? each.ids : [])),
    }))
    .filter(({ ids }) => ids.length > 0)
}

/** So many that a store has refused wait on the server for it, however short it keeps them; more may fill its disk. */
const waitingMax = 7

const elsewhere = (spent: Spent[]) => spent.filter(({ store }) => store !== localStore)

/** Of the server's own copies what is to go: not what a store has not taken yet, and is sent again by the next run. */
const ownSpent = (spent: Spent[], refused: Refused[]): Spent[] => {
  const waiting = new Set(
    refused
      .map(({ backup }) => backup)
      .toSorted((left, right) => (left.takenAt < right.takenAt ? -1 : 1))
      .slice(-waitingMax)
      .map(({ id }) => id),
  )
  return spent
    .filter(({ store }) => store === localStore)
    .map(({ store, ids }) => ({ store, ids: ids.filter((id) => !waiting.has(id)) }))
    .filter(({ ids }) => ids.length > 0)
}

const pruneStep = (project: string, { store, ids }: Spent): AnyStep =>
  step.prune({ project, store, ids }, `${ids.length} past what is kept`)

const chosen = ({ datasets }: Configured, names: string[]): Dataset[] =>
  names.length === 0 ? datasets : datasets.filter(({ name }) => names.includes(name))
