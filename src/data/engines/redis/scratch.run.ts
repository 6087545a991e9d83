import { createHash } from 'node:crypto'
import { removePath, within } from '../../../io/host/files/durable.ts'
import { makeFolder } from '../../../io/host/files/files.ts'
import { runOk } from '../../../io/host/processes/process.ts'
import { Problem } from '../../../problem/problem.ts'
import type { DataContext } from '../../engine.ts'
import type { RedisContents } from '../../held.ts'
import { withClient } from '../client.run.ts'
import { awaitServing } from '../serving.run.ts'
import type { RedisFound } from './compare.ts'
import { majorOf, parseInfo, parseKeyspace, roomFor } from './info.ts'
import { ask, client as cli, named, type RedisDoor } from './session.run.ts'

/** The copy's one file. */
export const dumpName = 'dump.rdb'

const data = '/data'
export const pollMs = 200
export const startLimitMs = 30 * 60_000

/** By the image's own entry point, which gives up the rights of root for a server that it knows by name. */
const start = `${named('server')}
if command -v docker-entrypoint.sh > /dev/null; then exec docker-entrypoint.sh "$@"; fi
exec "$@"`

export const serverArgs = (more: string[]): string[] => [
  ...['sh', '-c', start, 'server', '--dir', data, '--bind', '127.0.0.1'],
  ...['--save', '', '--appendonly', 'no', ...more],
]

export const dataMount = (folder: string) => ({
  Type: 'bind' as const,
  Source: folder,
  Target: data,
})

/** A door to a server of ours in its own container. */
export const doorOf = (client: RedisDoor['client']): RedisDoor => ({
  client,
  argv: [...cli, '-h', '127.0.0.1'],
})

type Served = Pick<RedisContents, 'image' | 'version' | 'files' | 'databases'>

/**
 * A server of the data's own image on a folder with the copy in it, without a network, for as long as `act`
 * takes. It believes itself the replica of a server that is nowhere: so it lets nothing expire, and what it holds is
 * the same however much later it is asked.
 */
export const withScratch = async <Result>(
  { image, version, files, databases }: Served,
  folder: string,
  context: DataContext,
  act: (door: RedisDoor) => Promise<Result>,
): Promise<Result> => {
  // What was unpacked may hold a link of that name, which would lead out of the work folder.
  await removePath(folder)
  await makeFolder(folder, { mode: 0o777 })
  await runOk('cp', ['--', within(context.folder, dumpName), within(folder, files.dump)], {
    limitMs: startLimitMs,
    signal: context.signal,
  })
  const isNew = majorOf(version) >= 7
  const args = serverArgs([
    ...['--dbfilename', files.dump, '--appendfilename', files.append],
    ...['--databases', String(roomFor(databases))],
    ...(isNew ? ['--appenddirname', files.appendFolder, '--enable-debug-command', 'local'] : []),
    ...['--replicaof', '127.0.0.1', '1', '--replica-read-only', 'no'],
  ])
  const mounts = [dataMount(folder)]
  return withClient(
    context,
    { image, network: 'none', password: null, args, mounts },
    async (client) => {
      const door = doorOf(client)
      const isLoaded = async () =>
        parseInfo(await ask(door, ['INFO', 'persistence']))['loading'] === '0'
      await awaitServing(client, isLoaded, { pollMs, limitMs: startLimitMs, failed: notLoaded })
      return act(door)
    },
  )
}

/** All that a server holds, in a form that does not depend on when it is asked. */
export const look = async (door: RedisDoor, version: string): Promise<RedisFound> => {
  const functions = majorOf(version) >= 7 ? await ask(door, ['FUNCTION', 'LIST', 'WITHCODE']) : null
  return {
    databases: parseKeyspace(await ask(door, ['INFO', 'keyspace'])),
    digest: (await ask(door, ['DEBUG', 'DIGEST'])).trim(),
    functionsSha256:
      functions === null
        ? null
        : createHash('sha256').update(functions.split('\n').toSorted().join('\n')).digest('hex'),
  }
}

/** Lets the server write what it holds as an append-only file, which one that keeps such begins from. */
export const writeAppendOnly = async (door: RedisDoor, context: DataContext) => {
  await ask(door, ['CONFIG', 'SET', 'appendonly', 'yes'])
  for (;;) {
    const info = parseInfo(await ask(door, ['INFO', 'persistence']))
    const isAtWork =
      info['aof_rewrite_in_progress'] !== '0' || info['aof_rewrite_scheduled'] !== '0'
    if (!isAtWork && info['aof_last_bgrewrite_status'] === 'ok') break
    if (!isAtWork || context.signal.aborted) throw notLoaded(0)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  // It hangs up instead of answering.
  await ask(door, ['SHUTDOWN', 'NOSAVE']).catch(() => '')
}

export const notLoaded = (code: number) =>
  new Problem({
    code: 'data/program-failed',
    summary: 'A throw-away Redis could not load the copy.',
    detail: `It ended with ${code}, or did not come to an end in time.`,
    fix: ['zarpe backup list    # choose another one'],
  })
