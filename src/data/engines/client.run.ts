import { randomBytes } from 'node:crypto'
import { commandIn } from '../../io/engine/command.ts'
import type { MountSpec } from '../../io/engine/types.ts'
import { removePath, within, writeDurable } from '../../io/host/files/durable.ts'
import { Problem } from '../../problem/problem.ts'
import type { DataContext } from '../engine.ts'
import { dataLabels, givingWay } from './containers.run.ts'
import { passwordPath, workPath } from './places.ts'

/** Gone with a reboot, and never on a disk. */
const passwordFolder = '/run/zarpe/passwords'

/** A container with the data's own client programs. */
export type Client = { context: DataContext; container: string }

export type ClientOptions = {
  image: string
  /** `none`, or the project's network. */
  network: string
  /** What the programs read at `passwordPath`; null where none is needed. */
  password: string | null
  /** The image's own entry point with these arguments; without them it waits for commands. */
  args?: string[]
  mounts?: MountSpec[]
  env?: string[]
}

/** A container of the data's own image beside it, for as long as `act` takes. */
export const withClient = async <Result>(
  context: DataContext,
  { image, network, password, args, mounts = [], env = [] }: ClientOptions,
  act: (client: Client) => Promise<Result>,
): Promise<Result> => {
  const { engine, project, folder, signal } = context
  if (!(await engine.images.find(image))) await engine.images.pull(image, () => undefined, signal)
  // Of the one act on a project's data that there can be: what a killed one has left is written over.
  const secret = within(passwordFolder, project)
  if (password !== null) await writeDurable(secret, password)
  const { Id } = await engine.containers.create(
    `zarpe-data-${project}-${randomBytes(5).toString('hex')}`,
    {
      Image: image,
      ...(args ? { Cmd: args } : { Entrypoint: ['sleep'], Cmd: ['86400'], User: '0:0' }),
      Env: env,
      Labels: dataLabels(project),
      HostConfig: {
        NetworkMode: network,
        Mounts: [
          { Type: 'bind', Source: folder, Target: workPath },
          ...(password === null
            ? []
            : [{ Type: 'bind' as const, Source: secret, Target: passwordPath, ReadOnly: true }]),
          ...mounts,
        ],
        ...givingWay(context),
      },
    },
  )
  try {
    await engine.containers.start(Id)
    return await act({ context, container: Id })
  } finally {
    await engine.containers.remove(Id)
    if (password !== null) await removePath(secret)
  }
}

/** Runs one of the client programs to its end; a non-zero exit is a `Problem` with its last words. */
export const runClient = async (
  { context, container }: Client,
  argv: string[],
  options: { env?: string[]; name?: string; onError?: (line: string) => void } = {},
): Promise<string> => {
  const { engine, signal } = context
  const { name = argv[0]!, ...more } = options
  const ended = await commandIn(engine, container, { argv, user: '0:0', signal, ...more })
  if (ended.code === 0) return ended.stdout
  throw clientFailed(name, ended.code, ended.stderr || ended.stdout)
}

export const clientFailed = (name: string, code: number, said: string) =>
  new Problem({
    code: 'data/program-failed',
    summary: 'A program of the database failed.',
    detail: `\`${name}\` exited ${code}.`,
    fix: [],
    evidence: said
      .split('\n')
      // What went wrong is said without the values of rows.
      .map((line) =>
        line
          .trimEnd()
          .slice(0, 500)
          .replaceAll(/(entry|value:?) '.*'/g, "$1 '…'"),
      )
      .filter(Boolean)
      .slice(-8),
  })
