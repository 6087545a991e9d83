import { removePath, within } from '../../../io/host/files/durable.ts'
import { makeFolder } from '../../../io/host/files/files.ts'
import { decompressFile } from '../../../io/host/files/tree.ts'
import type { DataContext } from '../../engine.ts'
import type { MongodbContents } from '../../held.ts'
import { runClient, withClient } from '../client.run.ts'
import { awaitServing, awaitStopped, startingWithin } from '../serving.run.ts'
import type { MongodbFound } from './compare.ts'
import { dataFolder, restoreArgv, serverArgv } from './connection.ts'
import { ask, type MongodbDoor } from './session.run.ts'

/** The copy's one file. */
export const dumpName = 'dump.archive.zst'
const plainName = 'restored.archive'

const starting = startingWithin(10 * 60_000, 500)

const itself = { host: '127.0.0.1', port: 27_017, user: null }

/**
 * A server of the data's own image with the dump restored into it, on an empty folder, without a network and without
 * logins of its own, for as long as `act` takes.
 */
export const withRestored = async <Result>(
  { image, args, replicaSet }: Pick<MongodbContents, 'image' | 'args' | 'replicaSet'>,
  folder: string,
  context: DataContext,
  act: (door: MongodbDoor) => Promise<Result>,
): Promise<Result> => {
  const plain = within(context.folder, plainName)
  // What was unpacked may hold links of these names, which would lead out of the work folder.
  for (const path of [folder, plain]) await removePath(path)
  await makeFolder(folder, { mode: 0o777 })
  await decompressFile(within(context.folder, dumpName), plain, context.signal)
  const mounts = [{ Type: 'bind' as const, Source: folder, Target: dataFolder }]
  const options = { image, network: 'none', password: null, args: serverArgv(args), mounts }
  return withClient(context, options, async (client) => {
    const door = { client, where: itself }
    await awaitServing(client, () => ask(door, { ask: 'hello' }).then(() => true), starting)
    context.note('a throw-away server has started; restoring')
    await runClient(client, restoreArgv(itself, plainName, replicaSet !== null))
    return act(door)
  })
}

/** All that a restored server holds. */
export const look = (door: MongodbDoor): Promise<MongodbFound> => ask(door, { ask: 'everything' })

/** Ends the server as its image would, so that its folder is whole. */
export const shutDown = async (door: MongodbDoor) => {
  // It hangs up instead of answering.
  await ask(door, { ask: 'shutdown' }).catch(() => undefined)
  await awaitStopped(door.client, starting)
}
