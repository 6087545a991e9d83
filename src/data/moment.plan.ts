import { Problem } from '../problem/problem.ts'
import { takenAtOf } from './backup-name.ts'
import type { Moment } from './engine.ts'
import { type Backup, localStore, type ObservedData } from './model.ts'
import { nearestStore } from './proof.plan.ts'
import { stateOf, storesOf } from './state.ts'
import { logIn, throughIn } from './wal/ends.ts'
import type { Archive } from './wal/model.ts'
import { notArchived } from './wal/problems.ts'

/** How a moment is reached. */
export type Chosen = {
  to: Moment
  /** The server that is live writes the very log that is needed: what it has not archived yet is to be had too. */
  goesOn: boolean
}

export type Wanted = {
  to: Moment
  dataset: string | undefined
  from: string | undefined
  /** A base backup that somebody names. */
  id: string | undefined
}

type Base = Backup & { log: NonNullable<Backup['log']> }

/** The newest base backup that was whole before a moment and whose log leads there, as far as this server knows. */
export const baseFor = (
  observed: ObservedData,
  wanted: Wanted,
): { backup: Backup; from: string; chosen: Chosen } => {
  const { to, from } = wanted
  const all = basesFor(observed, wanted)
  const whole = all.filter(({ log }) => to === 'latest' || log.stoppedAt <= to)
  if (whole.length === 0) throw beforeAll(to, all.at(-1)!)
  const archive = observed.archives.find(({ dataset }) => dataset === whole[0]!.dataset)
  const ways = whole.map((backup) => {
    const store = from ?? nearestStore(backup)
    return { backup, store, leads: leads(archive, backup, store, to) }
  })
  const known = ways.find(({ leads: each }) => each === 'there')
  // Of a server that was lost: how far its log goes, the recovery will tell.
  const unknown = ways.find(({ leads: each }) => each === 'unknown')
  if (to === 'latest' && known && unknown && wanted.id === undefined)
    throw whichHistory(known.backup, unknown.backup)
  const way = known ?? unknown
  if (!way) throw nothingLeads(ways, archive)
  const goesOn = archive?.history === way.backup.log.history && way.store === localStore
  return { backup: way.backup, from: way.store, chosen: { to, goesOn } }
}

/** Whether the log of a base backup leads to a moment: that is known of the histories of this server alone. */
const leads = (
  archive: Archive | undefined,
  { log: { history } }: Base,
  store: string,
  to: Moment,
): 'there' | 'not there' | 'unknown' => {
  const log = logIn(archive, history)
  if (!log) return 'unknown'
  const isLive = archive?.history === history
  // What the live server has not archived yet is archived first; another store has what it has.
  if (isLive && (store === localStore || to === 'latest')) return 'there'
  const through = throughIn(log, store)
  return to !== 'latest' && through !== null && to <= through ? 'there' : 'not there'
}

/** The base backups that are meant, the newest first. */
const basesFor = (observed: ObservedData, { dataset, from, id }: Wanted): Base[] => {
  const bases = observed.backups.filter(
    (each): each is Base =>
      each.log !== undefined &&
      stateOf(each) !== 'failed' &&
      storesOf(each).length > 0 &&
      (id === undefined || id === each.id) &&
      (from === undefined || storesOf(each).includes(from)) &&
      (dataset === undefined || dataset === each.dataset || `${dataset}-base` === each.dataset),
  )
  const names = [...new Set(bases.map((each) => each.dataset))]
  if (names.length > 1) throw whichServer(names)
  if (bases.length === 0) throw noBase(from, id)
  return bases.toSorted((left, right) => (left.id < right.id ? 1 : -1))
}

const beforeAll = (to: Moment, oldest: Base) =>
  notArchived(
    `${to} is before the oldest base backup that there is, ${oldest.id}, was whole: ${oldest.log.stoppedAt}.`,
    ['zarpe backup list', 'zarpe backup restore    # a dump that is older, if there is one'],
  )

const nothingLeads = (ways: { backup: Base; store: string }[], archive: Archive | undefined) => {
  const { backup, store } = ways[0]!
  const log = logIn(archive, backup.log.history)
  const through = (log && throughIn(log, store)) ?? 'no moment yet'
  return notArchived(
    `${backup.id} is the newest base backup before it, and ${store} has its log up to ${through}.`,
    [
      'zarpe backup list',
      'zarpe backup restore --to <an earlier time>',
      'zarpe backup restore --to <time> --from <another store>',
    ],
  )
}

const whichHistory = (own: Backup, other: Backup) =>
  new Problem({
    code: 'data/which-history',
    summary: 'It is not clear which server’s latest moment is meant.',
    detail: `${own.id} is of this server, ${other.id} of ${takenAtOf(other.id)} of another one.`,
    fix: [own, other].map(({ id }) => `zarpe backup restore ${id} --to latest`),
  })

const whichServer = (names: string[]) =>
  new Problem({
    code: 'data/which-dataset',
    summary: 'It is not clear which data is meant.',
    detail: `There are base backups of ${names.join(', ')}.`,
    fix: ['Add --dataset <name>.'],
  })

const noBase = (from: string | undefined, id: string | undefined) =>
  new Problem({
    code: 'data/no-base',
    summary: 'No moment but that of a backup can be brought back.',
    detail: `The server knows ${id === undefined ? 'no base backup' : `no base backup "${id}"`}${from === undefined ? '' : ` in ${from}`}.`,
    fix: [
      'Turn it on: databases: { main: { backup: { point_in_time: { keep: 7d } } } }',
      'zarpe backup find <store>    # if the server is a new one',
      'zarpe backup restore    # the newest dump',
    ],
  })
