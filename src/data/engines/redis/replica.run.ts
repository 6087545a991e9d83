import { removePath, within } from '../../../io/host/files/durable.ts'
import { makeFolder } from '../../../io/host/files/files.ts'
import { runOk } from '../../../io/host/processes/process.ts'
import { Problem } from '../../../problem/problem.ts'
import type { DataContext } from '../../engine.ts'
import type { RedisContents } from '../../held.ts'
import { runClient, withClient } from '../client.run.ts'
import { passwordPath } from '../places.ts'
import { awaitServing } from '../serving.run.ts'
import { majorOf, parseInfo, roomFor } from './info.ts'
import {
  dataMount,
  doorOf,
  dumpName,
  notLoaded,
  pollMs,
  serverArgs,
  startLimitMs,
} from './scratch.run.ts'
import { ask, type Followed, named, type RedisDoor } from './session.run.ts'

/**
 * Whether the client of a Valkey cannot be trusted to fetch a snapshot. That of 9 does not tell its version when it asks for
 * one: it is sent the format of Valkey 8, and nothing at all where a field of a hash has a time to live.
 */
export const isFetchedByReplica = (valkey: string | undefined): boolean =>
  valkey !== undefined && majorOf(valkey) >= 9

type Source = Pick<RedisContents, 'image' | 'databases'> & { followed: Followed }

/** A snapshot by a throw-away server of the same image that follows the live one until it has it. Nobody takes it for a spare one. */
export const snapshotByReplica = async (
  { image, databases, followed }: Source,
  folder: string,
  context: DataContext,
): Promise<void> => {
  await removePath(folder)
  await makeFolder(folder, { mode: 0o777 })
  const args = serverArgs([
    ...['--dbfilename', dumpName, '--databases', String(roomFor(databases))],
    ...['--replica-priority', '0', '--replica-announced', 'no'],
  ])
  const { host, port, password } = followed
  const mounts = [dataMount(folder)]
  const options = { image, network: context.project, password, args, mounts }
  await withClient(context, options, async (client) => {
    const door = doorOf(client)
    const answers = async () => (await ask(door, ['PING'])).trim() === 'PONG'
    await awaitServing(client, answers, { pollMs, limitMs: startLimitMs, failed: notLoaded })
    if (password !== null) await runClient(client, withPassword, { name: 'valkey-cli' })
    await ask(door, ['REPLICAOF', host, port])
    await awaitFollowing(door, context)
    await ask(door, ['SAVE'])
  })
  const { signal } = context
  const [from, to] = [within(folder, dumpName), within(context.folder, dumpName)]
  await runOk('mv', ['--', from, to], { limitMs: startLimitMs, signal })
  await removePath(folder)
}

/** The password goes in by stdin: it is in no argument. */
const withPassword = [
  ...['sh', '-c', `${named('cli')}; exec "$@" < ${passwordPath}`, 'client'],
  ...['-h', '127.0.0.1', '-x', 'CONFIG', 'SET', 'masterauth'],
]

/** A live server that has sent nothing for so long will not. */
const silentMaxMs = 2 * 60_000

const awaitFollowing = async (door: RedisDoor, { now, note, signal }: DataContext) => {
  note('a throw-away server follows the live one until it has its snapshot')
  const since = now()
  let heard = since
  for (;;) {
    const info = parseInfo(await ask(door, ['INFO', 'replication']))
    if (info['master_link_status'] === 'up') return
    if (info['master_sync_in_progress'] === '1') heard = now()
    if (now() - heard > silentMaxMs || now() - since > startLimitMs) throw notFollowed()
    signal.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

const notFollowed = () =>
  new Problem({
    code: 'data/program-failed',
    summary: 'A throw-away Valkey could not follow the live one.',
    detail: 'The live server sent no snapshot, or not all of it in time.',
    fix: ['zarpe logs <service>    # it says there why', 'Take it again: zarpe backup now'],
  })
