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

/** Takes, proves and stores backups, retries what a store refused before, and removes what no rule keeps. */
export const planBackup = (observed: ObservedData, options: BackupOptions): Plan => {
  const { project } = observed
  const settings = observed.configured ?? { datasets: [], stores: [], encrypted: false }
  const datasets = chosen(settings, options.datasets)
  const taken = datasets.map((dataset) => ({ dataset, id: backupId(dataset.name, options.at) }))
  const refused = refusedCopies(observed.backups, observed.configured)
  // What a base backup may build on comes to a store before it; of all else the newest copy comes first.
  const isFirst = ({ backup: { log, dataset } }: Refused) =>
    log !== undefined && datasets.some(({ name }) => name === dataset)
  const steps = [
    ...taken.flatMap((each) => [
      ...newBackup(project, each, options.reason),
      ...retries(refused.filter((one) => isFirst(one) && one.backup.dataset === each.dataset.name)),
      ...sends(project, settings, each),
    ]),
    ...retries(refused.filter((one) => !isFirst(one))),
    ...datasets.flatMap((dataset) => pruneDataset(dataset, observed, options.at)),
  ]
  return {
    verb: 'backup',
    title: options.title,
    scope: dataScope(project),
    basis: '',
    steps: [...mergedPrunes(steps), step.conclude({ project, ids: taken.map(({ id }) => id) })],
    notes: [],
  }
}

/** Removes what no rule keeps, of all datasets. */
export const planPrune = (observed: ObservedData, title: string): Plan => ({
  verb: 'backup prune',
  title,
  scope: dataScope(observed.project),
  basis: '',
  steps: mergedPrunes(
    (observed.configured?.datasets ?? []).flatMap((dataset) =>
      pruneDataset(dataset, observed, observed.now),
    ),
  ),
  notes: [],
})

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

const sends = (project: string, { stores }: Configured, { dataset, id }: Taken): AnyStep[] =>
  stores
    .filter(({ name }) => Object.hasOwn(dataset.keep, name))
    .map(({ name }) => step.send({ project, id, store: name }, 'a copy that outlives the server'))

const causeOf = (reason: BackupReason) =>
  reason === 'schedule' ? 'its time has come' : reason === 'by hand' ? 'it was asked for' : reason

const retries = (refused: Refused[]): AnyStep[] =>
  refused.map(({ backup: { project, id }, store }) =>
    step.send({ project, id, store }, 'it is not there yet'),
  )

const pruneDataset = (dataset: Dataset, observed: ObservedData, now: string): AnyStep[] =>
  Object.entries(dataset.keep).flatMap(([store, rules]) => {
    const own = observed.backups.filter((backup) => backup.dataset === dataset.name)
    const ids = spentCopies(own, store, rules, now).map(({ id }) => id)
    if (ids.length === 0) return []
    return [
      step.prune({ project: observed.project, store, ids }, `${ids.length} past what is kept`),
    ]
  })

/** One step for each store, whatever the number of datasets. */
const mergedPrunes = (steps: AnyStep[]): AnyStep[] => {
  const prunes = steps.filter((each) => each.kind === 'backup.prune')
  const stores = [...new Set(prunes.map(({ params }) => params.store))]
  return [
    ...steps.filter((each) => each.kind !== 'backup.prune'),
    ...stores.map((store) => {
      const ids = prunes.flatMap(({ params }) => (params.store === store ? params.ids : []))
      const { project } = prunes[0]!.params
      return step.prune({ project, store, ids }, `${ids.length} past what is kept`)
    }),
  ]
}

const chosen = ({ datasets }: Configured, names: string[]): Dataset[] =>
  names.length === 0 ? datasets : datasets.filter(({ name }) => names.includes(name))
