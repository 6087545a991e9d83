import { commandIn } from '../../../io/engine/command.ts'
import { within } from '../../../io/host/files/durable.ts'
import { compressing } from '../../../io/host/files/tree.ts'
import { Problem, problemsOf } from '../../../problem/problem.ts'
import type { DataContext } from '../../engine.ts'
import type { ClusterContents } from '../../held.ts'
import type { ClusterDataset } from '../../model.ts'
import { archiveLog } from '../../wal/archive.run.ts'
import { logKeyOf } from '../../wal/key.run.ts'
import { notFitting } from '../../wal/problems.ts'
import { type LogServer, withLogServer } from '../../wal/server.run.ts'
import { clientFailed } from '../client.run.ts'
import { baseBefore, type Before } from './before.run.ts'
import { baseName } from './copy-names.ts'
import { databasesQuery } from './look.run.ts'
import { type LogRange, logRange } from './manifest.ts'

/** `--wal-method=none`: the archive has the log, from the moment on at which its history began. */
const argv = [
  ...['pg_basebackup', '--pgdata=-', '--format=tar', '--wal-method=none', '--checkpoint=fast'],
  ...['--manifest-checksums=SHA256', '--no-sync', '--label=zarpe'],
]

/** Copies the data folder of a server that serves, and archives its log up to the end of the copy. */
export const take = async (
  dataset: ClusterDataset,
  context: DataContext,
): Promise<ClusterContents> => {
  const { project } = context
  const archived = () => archiveLog(project, dataset.name, context)
  // What is written during the copy is archived from the beginning: from now on the server keeps it.
  const before = await archived()
  const copied = await withLogServer(project, dataset, context, async (server) => {
    await server.session.run(endLeft)
    await refuseWaiting(dataset, server)
    const base = await baseBefore(dataset, before.history, server, context)
    return copy(server, base, context)
  })
  const after = await archived()
  if (before.history !== after.history || copied.timeline !== after.timeline) throw broken()
  const { range, ...rest } = copied
  return {
    kind: 'cluster',
    service: dataset.service,
    ...rest,
    dataset: dataset.name,
    history: after.history,
    ...(after.sealedFor === null
      ? {}
      : { logKey: (await logKeyOf(project, dataset.name, after.history)).secret }),
    segmentBytes: after.segmentBytes,
    startLsn: range.start,
    stopLsn: range.stop,
    stoppedAt: after.through ?? new Date(context.now()).toISOString(),
  }
}

/** What a run that was cut has left, and would stay for as long as it waits; this one has not begun. */
const endLeft = `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
WHERE backend_type = 'walsender' AND application_name = 'zarpe'`

const own = (name: string) => `coalesce(pg_catalog.current_setting('${name}', true), '')`

/** Whether the server archives its log by itself as well, and how that goes. */
const archiverQuery = `SELECT ${own('archive_mode')} <> 'off' AS archives,
${own('archive_command')} || ${own('archive_library')} = '' AS idle,
coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) AS fails
FROM pg_catalog.pg_stat_archiver`

const againMs = 3_000

type Archiver = { archives: boolean; idle: boolean; fails: boolean }

/** The server ends a copy when its own archiver has taken the log of it: with one that does not, it would never end. */
const refuseWaiting = async (dataset: ClusterDataset, { session }: LogServer) => {
  const asked = async () => (await session.rows<Archiver>(archiverQuery))[0]
  let row = await asked()
  // It may have failed just once, and is tried again by itself.
  for (let tries = 0; row?.fails && tries < 3; tries++) {
    await new Promise((resolve) => setTimeout(resolve, againMs))
    row = await asked()
  }
  if (!row?.archives || !(row.idle || row.fails)) return
  const why = row.idle ? 'has nothing to archive with' : 'fails'
  throw notFitting(dataset, `its own archive_mode is on, and its archive_command ${why}`)
}

/** Copies all, or what has changed since `base`; all if the server cannot tell that, as when its notes of it are gone. */
const copy = async (server: LogServer, base: Before | null, context: DataContext) => {
  if (!base) return copySince(server, null, context)
  try {
    return await copySince(server, base, context)
  } catch (error) {
    const [problem] = problemsOf(error)
    context.signal.throwIfAborted()
    if (problem?.code !== 'data/program-failed') throw error
    context.note(`a full one: ${(problem.evidence ?? []).at(-1) ?? problem.detail}`)
    return copySince(server, null, context)
  }
}

/** What the manifest at the end of a tar may take, with the zeros after it. */
const tailBytes = 256 * 1024

const copySince = async (
  server: LogServer,
  base: Before | null,
  { folder, engine, signal, note, pace }: DataContext,
) => {
  const { door, session, version, image, prepared, timeline, volume, below } = server
  if (base) note(`what has changed since ${base.id}`)
  const before = await session.rows<{ name: string }>(databasesQuery)
  const packed = compressing(within(folder, baseName))
  let bytes = 0
  let tail = Buffer.alloc(0)
  let told = 0
  const ended = await commandIn(engine, door.container, {
    argv: base ? [...argv, '--incremental=/dev/stdin'] : argv,
    env: door.env,
    ...(base ? { input: base.manifest } : {}),
    signal,
    onOutput: async (data) => {
      bytes += data.length
      tail = Buffer.concat([tail, data]).subarray(-tailBytes)
      if (bytes - told > 64e6) note(`${Math.round((told = bytes) / 1e6)} MB read`)
      await packed.write(data)
      await pace?.(data.length, signal)
    },
  })
  await packed.end()
  if (ended.code !== 0) throw clientFailed(argv[0]!, ended.code, ended.stderr)
  const after = await session.rows<{ name: string }>(databasesQuery)
  const range = logRange(tail.toString('latin1'))
  if (!range) throw clientFailed(argv[0]!, 0, 'what it wrote does not end with a manifest')
  return {
    version,
    image,
    volume,
    below,
    database: door.database,
    user: userOf(door.env),
    // One that came or went meanwhile is in the copy, or not.
    databases: before
      .map(({ name }) => name)
      .filter((name) => after.some((each) => each.name === name)),
    prepared,
    bytes,
    ...(base ? { after: base.id } : {}),
    timeline,
    range,
  } satisfies Partial<ClusterContents> & { range: LogRange }
}

const userOf = (env: string[]) =>
  env.find((each) => each.startsWith('PGUSER='))?.slice('PGUSER='.length) ?? 'postgres'

const broken = () =>
  new Problem({
    code: 'data/unsteady',
    summary: 'The server began a new history while a base backup was taken.',
    detail:
      'It was restored or lost its slot meanwhile: the log of the beginning does not lead to the end.',
    fix: ['zarpe backup now'],
  })
