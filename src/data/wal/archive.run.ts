import { withClaim } from '../../io/host/files/claim.ts'
import { removePath, statOf, within } from '../../io/host/files/durable.ts'
import { makeFolder, readHead } from '../../io/host/files/files.ts'
import { publish } from '../../io/host/files/publish.ts'
import { compressFile } from '../../io/host/files/tree.ts'
import type { Runner } from '../../plan/runner.ts'
import { problemsOf } from '../../problem/problem.ts'
import { isoTime } from '../engines/postgres/sql.ts'
import type { ClusterDataset } from '../model.ts'
import { localFolder } from '../places.ts'
import { datasetNamed, settingsOf } from '../settings/settings.run.ts'
import { headerProblem } from './header.ts'
import { fingerprintOf } from './key.run.ts'
import type { Archive, Log } from './model.ts'
import { segmentFile } from './names.ts'
import { badSegment, gap, notFitting, saidOf } from './problems.ts'
import {
  lsnText,
  numberAt,
  parseLsn,
  segmentName,
  segmentOf,
  startOf,
  wholeSegments,
} from './segments.ts'
import {
  dropSlots,
  type LogContext,
  type LogServer,
  moveSlot,
  slotOf,
  withLogServer,
} from './server.run.ts'
import { amendArchive, readArchive } from './state.run.ts'
import { goesOn, resumed } from './resume.ts'
import { localSegments } from './local.run.ts'

const pollMs = 200

/** One at a time has a server's log: a base backup, a restore and the timer all ask for it. */
export const archiving = <Result>(
  project: string,
  dataset: string,
  { signal }: Pick<LogContext, 'signal'>,
  act: () => Promise<Result>,
): Promise<Result> => withClaim(`zarpe-wal-${project}.${dataset}`, { pollMs, signal }, act)

/**
 * Lets the server begin a new file of its log, and copies all that are whole into the server's own store. What was
 * committed before is archived then; only after that the server may forget it.
 */
export const archiveLog = (project: string, name: string, context: LogContext): Promise<Archive> =>
  archiving(project, name, context, async () => {
    // Asked again: it may have been taken out of zarpe.yml while somebody else had the log.
    const dataset = await clusterNamed(project, name)
    if (dataset.at.length === 0)
      throw notFitting(dataset, 'this is a rehearsal, which archives nothing')
    return withLogServer(project, dataset, context, (server) =>
      archiveFrom(server, project, dataset, context),
    )
  })

const archiveFrom = async (
  server: LogServer,
  project: string,
  dataset: ClusterDataset,
  context: LogContext,
): Promise<Archive> => {
  const { session, timeline, segmentBytes } = server
  const at = new Date().toISOString()
  const [seen] = await session.rows<{ snapshot: string }>(
    'SELECT pg_catalog.pg_current_snapshot()::text AS snapshot',
  )
  const archive = await openedLog(server, project, dataset)
  // A new file for nothing would be 16 MB of zeros every time.
  if (seen?.snapshot !== archive.snapshot) await session.run('SELECT pg_catalog.pg_switch_wal()')
  const [row] = await session.rows<{ lsn: string }>(
    'SELECT pg_catalog.pg_current_wal_flush_lsn()::text AS lsn',
  )
  const flushed = parseLsn(row?.lsn ?? '') ?? 0n
  const next = nextOf(archive)
  if (numberAt(flushed, segmentBytes) < next) {
    await dropSlots(session, dataset.name)
    throw gap(
      `"${dataset.service}" is at an earlier position than before: its data folder was put back by somebody else. The next round begins anew.`,
    )
  }
  for (const segment of wholeSegments({ timeline, first: next, flushed }, segmentBytes)) {
    context.signal.throwIfAborted()
    const name = segmentName(segment, segmentBytes)
    if (!(await keep(project, dataset.name, archive, server, name, context))) {
      // Not to be found again: what follows is a history of its own.
      await dropSlots(session, dataset.name)
      throw gap(
        `${name} of "${dataset.service}" was gone before it was archived. The next round begins anew.`,
      )
    }
    await amendArchive(project, dataset.name, (known) => ({ ...(known ?? archive), last: name }))
    const end = lsnText(startOf(segment.number + 1n, segmentBytes))
    await moveSlot(session, dataset.name, archive.history, end)
  }
  const snapshot = seen?.snapshot ?? null
  return amendArchive(project, dataset.name, (known) => ({
    ...(known ?? archive),
    snapshot,
    through: at,
    triedAt: at,
    problem: null,
  }))
}

/** The number of the segment that is archived next. */
const nextOf = ({ first, last, segmentBytes }: Log): bigint =>
  last === null
    ? segmentOf(first, segmentBytes)!.number
    : segmentOf(last, segmentBytes)!.number + 1n

/** The log that the server writes now: the one of before, one that it has come back to, or a new one. */
const openedLog = async (
  server: LogServer,
  project: string,
  { name: dataset }: ClusterDataset,
): Promise<Archive> => {
  const { session, timeline, segmentBytes } = server
  const known = await readArchive(project, dataset)
  const sealedFor = fingerprintOf((await settingsOf(project)).recipients)
  const found = await slotOf(server, dataset)
  const former = known ? [known, ...known.past] : []
  const same = former.find(({ history }) => history === found.history)
  const form = { timeline, segmentBytes, sealedFor }
  // Who was taken from the recipients could else go on reading by the key that he has; and no history has two timelines.
  const isOther = same !== undefined && !goesOn(same, { ...form, history: same.history })
  if (isOther) await dropSlots(session, dataset)
  const { history, restart } = isOther ? await slotOf(server, dataset) : found
  const written = { history, ...form }
  if (known && goesOn(known, written)) return known
  const first = segmentName({ timeline, number: numberAt(restart, segmentBytes) }, segmentBytes)
  const [begun] = await session.rows<{ since: string }>(sinceQuery)
  // What was known may be lost, and what was archived is there.
  const there = await localSegments({ project, dataset, history })
  return amendArchive(project, dataset, (now) =>
    resumed(now, {
      dataset,
      at: new Date().toISOString(),
      since: begun!.since,
      log: {
        ...written,
        first: there[0] ?? first,
        last: there.at(-1) ?? null,
        through: null,
        stores: {},
      },
    }),
  )
}

const sinceQuery = `SELECT ${isoTime('pg_catalog.pg_postmaster_start_time()')} AS since`

/** Copies one whole segment into the server's own store. False if the server has it no more. */
const keep = async (
  project: string,
  dataset: string,
  { history, segmentBytes }: Log,
  { folder }: LogServer,
  name: string,
  { signal }: LogContext,
): Promise<boolean> => {
  const source = within(folder, 'pg_wal', name)
  const facts = await statOf(source)
  if (!facts) return false
  if (facts.size !== segmentBytes)
    throw badSegment(name, 'of the live server', `it has ${facts.size} bytes, not ${segmentBytes}`)
  const wrong = headerProblem(await readHead(source, headBytes), name, segmentBytes)
  if (wrong) throw badSegment(name, 'of the live server', wrong)
  const work = within(localFolder, '.work', `${project}@wal`)
  await makeFolder(work, { mode: 0o700 })
  const packed = within(work, `${dataset}.zst`)
  await removePath(packed)
  await compressFile(source, packed, signal)
  await publish(packed, within(localFolder, segmentFile({ project, dataset, history }, name)))
  return true
}

const headBytes = 24

/** The dataset of a step or a timer, which must be a cluster's. */
export const clusterNamed = async (project: string, name: string): Promise<ClusterDataset> => {
  const dataset = datasetNamed(await settingsOf(project), name)
  if (dataset.kind === 'cluster') return dataset
  throw new Error(`"${name}" is ${dataset.kind}, which has no log to archive`)
}

/**
 * Of a plan: what was committed until now can be brought back afterwards. A server that is down or damaged, which may be
 * why somebody restores, has no more to give than what is archived; what that does not reach is refused.
 */
export const runArchive: Runner<'wal.archive'> = async ({ project, dataset }, context) => {
  try {
    const { through } = await archiveLog(project, dataset, context)
    context.note(`archived through ${through}`)
  } catch (error) {
    if (context.signal.aborted || problemsOf(error).length === 0) throw error
    context.note(`the log since the last round is not to be had: ${saidOf(error)}`, 'stays')
  }
}
