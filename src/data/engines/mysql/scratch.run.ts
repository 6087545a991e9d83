import { removePath, within } from '../../../io/host/files/durable.ts'
import { makeFolder } from '../../../io/host/files/files.ts'
import { freeMemoryBytes } from '../../../io/host/machine/resources.ts'
import { decompressFile } from '../../../io/host/files/tree.ts'
import type { DataContext } from '../../engine.ts'
import type { MysqlBegunWith, MysqlContents } from '../../held.ts'
import { withClient } from '../client.run.ts'
import { passwordPath, workPath } from '../places.ts'
import { awaitServing, awaitStopped, startingWithin } from '../serving.run.ts'
import { optionFile, scratchEnv } from './connection.ts'
import { dataFolder } from './place.ts'
import { type MysqlDoor, runFile, withSession } from './session.run.ts'
import { dumpName } from './take.run.ts'

const starting = startingWithin(10 * 60_000, 300)

/** What the server is of, and what it is given. */
export type RestoredFrom = Pick<MysqlContents, 'image' | 'args' | 'schemas' | 'begunWith'>

/**
 * A server of the data's own image with the dump restored into it, on an empty folder and without a network,
 * for as long as `act` takes. Its events do not run: they would change what is compared.
 */
export const withRestored = async <Result>(
  { image, args, schemas, begunWith }: RestoredFrom,
  folder: string,
  context: DataContext,
  act: (door: MysqlDoor) => Promise<Result>,
): Promise<Result> => {
  const plain = within(context.folder, 'restored.sql')
  // What was unpacked may hold links of these names, which would lead out of the work folder.
  for (const path of [folder, plain]) await removePath(path)
  await makeFolder(folder, { mode: 0o777 })
  await decompressFile(within(context.folder, dumpName), plain, context.signal)
  return withClient(
    context,
    {
      image,
      network: 'none',
      password: optionFile('127.0.0.1', ''),
      // A log of all that is restored would be as large as the data, and nobody's; the live server's memory is its own.
      args: [
        ...args,
        ...begun(begunWith),
        '--event-scheduler=OFF',
        '--skip-log-bin',
        ...(await sizes()),
      ],
      env: scratchEnv,
      mounts: [{ Type: 'bind', Source: folder, Target: dataFolder }],
    },
    async (client) => {
      const door = { client, options: [`--defaults-extra-file=${passwordPath}`] }
      // While it makes its system tables it listens on a socket alone; over TCP it answers when it is whole.
      await awaitServing(client, () => withSession(door, () => Promise.resolve(true)), starting)
      context.note('a throw-away server has started; restoring')
      if (schemas.length > 0) await runFile(door, `${workPath}/restored.sql`)
      return act(door)
    },
  )
}

const begun = (begunWith: MysqlBegunWith | undefined): string[] =>
  Object.entries(begunWith ?? {}).map(([name, value]) => `--${name}=${value}`)

const [poolMin, poolMax] = [128, 2048]

/** Rows that the live server took must be taken, and memory that it has is taken already. */
const sizes = async (): Promise<string[]> => {
  const quarterMb = (await freeMemoryBytes()) / 4 / 2 ** 20
  const pool = Math.round(Math.min(poolMax, Math.max(poolMin, quarterMb)))
  return [`--innodb-buffer-pool-size=${pool}M`, '--max-allowed-packet=1G']
}

/** The server was told to end; its folder is whole when it has. */
export const awaitEnded = (door: MysqlDoor) => awaitStopped(door.client, starting)
