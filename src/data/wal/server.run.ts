import { randomBytes } from 'node:crypto'
import type { Engine } from '../../io/engine/engine.ts'
import { statOf, within } from '../../io/host/files/durable.ts'
import { diskSpace } from '../../io/host/files/files.ts'
import { Problem } from '../../problem/problem.ts'
import { insideDoor, type InsideDoor } from '../engines/postgres/inside.run.ts'
import { servingAs } from '../engines/service.run.ts'
import { type SqlSession, withSession } from '../engines/postgres/session.run.ts'
import { literal } from '../engines/postgres/sql.ts'
import { oldestVersion } from '../engines/postgres/version.ts'
import { placeOf } from '../engines/volume/place.run.ts'
import type { ClusterDataset } from '../model.ts'
import { mountCovering } from './mounts.ts'
import { historyOfSlot, slotName } from './names.ts'
import { notFitting } from './problems.ts'
import { type Lsn, parseLsn } from './segments.ts'

/** A PostgreSQL server whose log is archived, seen from its own machine. */
export type LogServer = {
  door: InsideDoor
  session: SqlSession
  version: number
  image: string
  /** How many transactions may be prepared: a recovery must be allowed as many. */
  prepared: number
  timeline: number
  segmentBytes: number
  /** The volume of the data folder, where in it that is, and where that is on this machine. */
  volume: string
  below: string
  folder: string
}

/** What a server of the log is kept for, and from where on. */
export type Slot = { history: string; restart: Lsn }

export type LogContext = { engine: Engine; signal: AbortSignal }

const settings = {
  statement_timeout: '60000',
  lock_timeout: '10000',
  TimeZone: 'UTC',
  DateStyle: 'ISO',
}

/** A session with a service's server, and where it keeps its files, for as long as `act` takes. */
export const withLogServer = async <Result>(
  project: string,
  dataset: ClusterDataset,
  { engine, signal }: LogContext,
  act: (server: LogServer) => Promise<Result>,
): Promise<Result> => {
  const source = { from: 'service' as const, service: dataset.service, database: dataset.database }
  const door = await insideDoor(engine, project, source, { signal, settings })
  return withSession(door, 'postgres', async (session) => {
    const [facts] = await session.rows<Facts>(factsQuery)
    if (!facts) throw new Error('the server says nothing of itself')
    refuse(dataset, facts)
    const service = (await servingAs(engine, project, dataset.service))!
    const { Mounts = [], Image } = service.Spec.TaskTemplate.ContainerSpec
    const mounted = mountCovering(Mounts, facts.folder)
    if (!mounted) throw notFitting(dataset, `its data folder ${facts.folder} is in no volume`)
    const { volume, below } = mounted
    const place = await placeOf(volume, { engine })
    // The session is with the server that has just been told to stop.
    if (place.isRenewed) throw renewing(dataset)
    const folder = within(place.live, below)
    const log = await statOf(within(folder, 'pg_wal'))
    if (!log?.isDirectory())
      throw notFitting(dataset, 'its folder pg_wal is not in its data folder')
    return act({
      door,
      session,
      version: facts.version,
      image: Image,
      prepared: facts.prepared,
      timeline: Number.parseInt(facts.timeline, 16),
      segmentBytes: Number(facts.segmentBytes),
      volume,
      below,
      folder,
    })
  })
}

const renewing = ({ service }: ClusterDataset) =>
  new Problem({
    code: 'data/not-running',
    summary: 'A service that keeps data does not run.',
    detail: `"${service}" is being started anew on files that were restored: that had been cut short.`,
    fix: ['zarpe status', 'Then run the same command again.'],
  })

type Facts = {
  version: number
  standby: boolean
  level: string
  slots: number
  prepared: number
  segmentBytes: string
  folder: string
  timeline: string
  tablespaces: number
}

const setting = (name: string) => `pg_catalog.current_setting('${name}')`

const factsQuery = `SELECT ${setting('server_version_num')}::int AS version, pg_catalog.pg_is_in_recovery() AS standby,
${setting('wal_level')} AS level, ${setting('max_replication_slots')}::int AS slots,
${setting('max_prepared_transactions')}::int AS prepared, ${setting('data_directory')} AS folder,
(SELECT setting FROM pg_catalog.pg_settings WHERE name = 'wal_segment_size') AS "segmentBytes",
CASE WHEN pg_catalog.pg_is_in_recovery() THEN '0'
  ELSE pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8) END AS timeline,
(SELECT pg_catalog.count(*)::int FROM pg_catalog.pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')) AS tablespaces`

const refuse = (
  dataset: ClusterDataset,
  { version, standby, level, slots, tablespaces }: Facts,
) => {
  if (version < oldestVersion) throw notFitting(dataset, 'its version is older than 14')
  if (standby) throw notFitting(dataset, 'it is a standby of another server')
  if (level === 'minimal')
    throw notFitting(dataset, 'its wal_level is minimal; replica is the usual')
  if (slots === 0) throw notFitting(dataset, 'its max_replication_slots is 0; 10 is the usual')
  if (tablespaces > 0) throw notFitting(dataset, 'it has tablespaces outside of its data folder')
}

/** How much of its log a server keeps for an archive that does not come, before it goes on without it. */
const keptMaxMb = 8 * 1024
const keptShare = 0.2
const keptMinMb = 256

/**
 * The slot of a dataset, made if there is none. One that the server has given up for the room that its log took is made
 * anew: something of the log is missing then, and a new history begins.
 */
export const slotOf = async (
  { session, folder }: Pick<LogServer, 'session' | 'folder'>,
  dataset: string,
): Promise<Slot> => {
  const found = await slotsOf(session, dataset)
  for (const { name } of found.filter((each) => each.isLost)) await dropSlot(session, name)
  const usable = found.find((each) => !each.isLost)
  if (usable) return { history: usable.history, restart: usable.restart }
  await limitKept(session, folder)
  const history = randomBytes(6).toString('hex')
  const name = slotName(dataset, history)
  await session.run(`SELECT pg_catalog.pg_create_physical_replication_slot(${literal(name)}, true)`)
  const made = (await slotsOf(session, dataset)).find((each) => each.history === history)
  if (!made) throw new Error('a slot was made and is not there')
  return { history, restart: made.restart }
}

/** A server that nobody fetches the log from must not fill its disk; whoever has set a limit of his own keeps it. */
const limitKept = async (session: SqlSession, folder: string) => {
  const [found] = await session.rows<{ kept: string }>(
    `SELECT ${setting('max_slot_wal_keep_size')} AS kept`,
  )
  if (found?.kept !== '-1') return
  const { freeMb } = await diskSpace(folder)
  const mb = Math.round(Math.max(keptMinMb, Math.min(keptMaxMb, freeMb * keptShare)))
  await alterSystem(session, { max_slot_wal_keep_size: `${mb}MB` })
}

/** Gives settings that need no restart to the server itself, for good. */
export const alterSystem = async (session: SqlSession, wanted: Record<string, string>) => {
  for (const [name, value] of Object.entries(wanted))
    await session.run(`ALTER SYSTEM SET ${name} = ${literal(value)}`)
  await session.run('SELECT pg_catalog.pg_reload_conf()')
}

/** Says that the log before a position is needed no more. */
export const moveSlot = (session: SqlSession, dataset: string, history: string, to: string) =>
  session.run(
    `SELECT pg_catalog.pg_replication_slot_advance(${literal(slotName(dataset, history))}, ${literal(to)})`,
  )

/** Gives up a dataset's slots: the server keeps its log for nobody. */
export const dropSlots = async (session: SqlSession, dataset: string) => {
  for (const { name } of await slotsOf(session, dataset)) await dropSlot(session, name)
}

const dropSlot = (session: SqlSession, name: string) =>
  session.run(`SELECT pg_catalog.pg_drop_replication_slot(${literal(name)})`)

const slotsOf = async (session: SqlSession, dataset: string) => {
  const rows = await session.rows<{ name: string; restart: string | null; status: string }>(
    `SELECT slot_name AS name, restart_lsn::text AS restart, wal_status AS status FROM pg_catalog.pg_replication_slots WHERE slot_type = 'physical'`,
  )
  return rows.flatMap(({ name, restart, status }) => {
    const history = historyOfSlot(dataset, name)
    if (history === null) return []
    const at = restart === null ? null : parseLsn(restart)
    return [{ name, history, restart: at ?? 0n, isLost: at === null || status === 'lost' }]
  })
}
