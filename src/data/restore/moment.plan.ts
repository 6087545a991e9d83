import { Problem } from '../../problem/problem.ts'
import { takenAtOf } from '../catalogue/backup-name.ts'
import { isWhole, nearestStore, storesWith } from '../backup/chain.ts'
import { baseNameOf } from '../wanted/cluster.ts'
import type { Moment } from '../engine.ts'
import { type Backup, localStore, type ObservedData } from '../model.ts'
import { stateOf } from '../catalogue/state.ts'
import { isAway, isBy, logIn, throughIn } from '../wal/ends.ts'
import type { Archive } from '../wal/model.ts'
import { notArchived } from '../wal/problems.ts'

/** How a moment is reached. */
export type Chosen = {
  to: Moment
  /** The server that is live writes the very log that is needed: what it has not archived yet is to be had too. */
  goesOn: boolean
  /** Up to when that brings the data; null if it is not known, or now. */
  reaches: string | null
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
  const whole = all.filter(({ log }) => to === 'latest' || isBy(log.stoppedAt, to))
  if (whole.length === 0) throw beforeAll(to, all.at(-1)!)
  const archive = observed.archives.find(({ dataset }) => dataset === whole[0]!.dataset)
  const ways = whole.map((backup) => {
    const store = from ?? nearestStore(observed.backups, backup)
    return { backup, store, leads: leads(archive, backup, store, wanted) }
  })
  const known = ways.find(({ leads: each }) => each === 'there')
  // Of a server that was lost: how far its log goes, the recovery will tell.
  const unknown = ways.find(({ leads: each }) => each === 'unknown')
  if (to === 'latest' && known && unknown && wanted.id === undefined)
    throw whichHistory(known.backup, unknown.backup)
  const way = known ?? unknown
  if (!way) throw nothingLeads(to, ways, archive)
  const log = logIn(archive, way.backup.log.history)
  const goesOn = archive?.history === log?.history && way.store === localStore
  const ends = log === undefined || goesOn ? null : throughIn(log, way.store)
  const chosen = { to, goesOn, reaches: to === 'latest' ? ends : to }
  return { backup: way.backup, from: way.store, chosen }
}

/** Whether the log of a base backup leads to a moment: that is known of the histories of this server alone. */
const leads = (
  archive: Archive | undefined,
  { log: { history } }: Base,
  store: string,
  { to, id }: Wanted,
): 'there' | 'not there' | 'unknown' => {
  const log = logIn(archive, history)
  if (!log) return 'unknown'
  if (isAway(log, to)) return 'not there'
  const isLive = archive?.history === history
  // What the live server has not archived yet is archived first; another store has what it has.
  if (isLive && store === localStore) return 'there'
  // Of a history that ended, the latest is meant by whoever names a base backup of it.
  if (to === 'latest') return isLive || id !== undefined ? 'there' : 'not there'
  const through = throughIn(log, store)
  return through !== null && isBy(to, through) ? 'there' : 'not there'
}

/** The base backups that are meant, the newest first. */
const basesFor = (observed: ObservedData, { dataset, from, id }: Wanted): Base[] => {
  const bases = observed.backups.filter(
    (each): each is Base =>
      each.log !== undefined &&
      stateOf(each) !== 'failed' &&
      isWhole(observed.backups, each) &&
      (id === undefined || id === each.id) &&
      (from === undefined || storesWith(observed.backups, each).includes(from)) &&
      (dataset === undefined || dataset === each.dataset || baseNameOf(dataset) === each.dataset),
  )
  const names = [...new Set(bases.map((each) => each.dataset))]
  if (names.length > 1) throw whichServer(names)
  if (bases.length === 0)
    throw noBase(
      observed,
      [dataset, id, from].filter((each) => each !== undefined),
    )
  const [name] = names
  if (!observed.configured?.datasets.some((each) => each.name === name)) throw turnedOff(name!)
  return bases.toSorted((left, right) => (left.id < right.id ? 1 : -1))
}

const beforeAll = (to: Moment, { id, log }: Base) =>
  notArchived(`${to} is before ${log.stoppedAt}, when the oldest base backup, ${id}, was whole.`, [
    'zarpe backup list    # a dump may be older: zarpe backup restore <backup>',
  ])

const nothingLeads = (
  to: Moment,
  ways: { backup: Base; store: string }[],
  archive: Archive | undefined,
) => {
  const { backup, store } = ways[0]!
  const log = logIn(archive, backup.log.history)
  const through = (log && throughIn(log, store)) ?? 'no moment yet'
  return notArchived(
    `The newest base backup before ${to} is ${backup.id}, and ${store} has its log up to ${through}: another history began after that.`,
    ['zarpe backup list    # which moments can be had', 'zarpe backup restore --to <one of them>'],
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

const noBase = ({ backups }: ObservedData, named: string[]) => {
  const isAny = backups.some(({ log }) => log !== undefined)
  return new Problem({
    code: 'data/no-base',
    summary: 'No moment but that of a backup can be brought back.',
    detail:
      isAny && named.length > 0
        ? `There is no base backup of ${named.join(', ')}; there are others.`
        : 'The server knows no base backup.',
    fix: isAny
      ? ['zarpe backup list']
      : [
          'Turn it on: databases: { main: { backup: { point_in_time: { keep: 7d } } } }',
          'zarpe backup find <store>    # if the server is a new one',
        ],
  })
}

const turnedOff = (name: string) =>
  new Problem({
    code: 'data/point-in-time-off',
    summary: 'Moments can be brought back while `point_in_time` is on.',
    detail: `zarpe.yml does not have it any more; what "${name}" has archived is still there.`,
    fix: ['Turn it on again, then: zarpe deploy', 'zarpe backup restore --to <time>'],
  })
