import { dirname } from 'node:path'
import { commandIn } from '../../../io/engine/command.ts'
import { removePath, statOf, within } from '../../../io/host/files/durable.ts'
import { diskSpace, makeFolder } from '../../../io/host/files/files.ts'
import { runOk } from '../../../io/host/processes/process.ts'
import { unpackTree } from '../../../io/host/files/tree.ts'
import { earlierFolder } from '../../backup/copy.run.ts'
import type { DataContext } from '../../engine.ts'
import type { ClusterContents } from '../../held.ts'
import { clientFailed, withClient } from '../client.run.ts'
import { type PostgresDoor, program } from '../postgres/session.run.ts'
import { baseName } from './copy-names.ts'
import { noRoom, notUnpacked } from './problems.ts'
import { chainIn } from './trust.ts'

// How a copy becomes a data folder: a full one by being unpacked, one that has only what has changed by unpacking all that
// it builds on and having PostgreSQL combine it.

/** Where the data folder, and what it is combined from, are in a container. */
export const clusterPath = '/cluster'
const partsPath = '/parts'

const longMs = 30 * 60_000
/** The log of the time between grows in the folder too. */
export const roomFor = 1.1

/** A data folder: whose it is, as `user:group`, or what is not as the manifests of PostgreSQL say. */
export type LaidOut = { user: string; damage: string[] }

/** Makes a data folder of a copy in `folder`. One of which something is told must not be used. */
export const layOut = async (
  held: ClusterContents,
  folder: string,
  context: DataContext,
): Promise<LaidOut> => {
  const chain = chainIn(held, context.origin?.earlier ?? [])
  if (typeof chain === 'string') return { user: '', damage: [chain] }
  const data = within(folder, held.below)
  await makeFolder(data, { mode: 0o700 })
  if (chain.length > 1) return combine(chain, folder, context)
  await refuseWithout(dirname(folder), held.bytes)
  return { user: await unpack(context.folder, data, folder, context), damage: [] }
}

const refuseWithout = async (where: string, bytes: number) => {
  const [needed, free] = [bytes * roomFor, (await diskSpace(where)).freeMb * 1024 * 1024]
  if (free < needed) throw noRoom(where, needed, free)
}

const diskOf = async (folder: string) => (await statOf(folder))?.dev

/** Unpacks one copy, gives all of `around` to whoever the data is of, and returns who that is. */
const unpack = async (
  copy: string,
  data: string,
  around: string,
  { signal }: DataContext,
): Promise<string> => {
  const { code, said } = await unpackTree({ from: within(copy, baseName), folder: data, signal })
  const owner = await statOf(within(data, 'PG_VERSION'))
  if (code !== 0 || !owner) throw notUnpacked(said)
  const asWhom = `${owner.uid}:${owner.gid}`
  // All of it is the server's, but for the manifest, which the program that copied it gives to a user of nobody's.
  await own(around, asWhom, signal)
  return asWhom
}

const own = (folder: string, asWhom: string, signal: AbortSignal) =>
  runOk('chown', ['--recursive', '--no-dereference', '--', asWhom, folder], {
    limitMs: longMs,
    signal,
  })

const combine = async (
  chain: ClusterContents[],
  folder: string,
  context: DataContext,
): Promise<LaidOut> => {
  const { engine, signal, note } = context
  const bytes = chain.reduce((sum, each) => sum + each.bytes, 0)
  const parts = within(context.folder, 'parts')
  const isOneDisk = (await diskOf(context.folder)) === (await diskOf(folder))
  await refuseWithout(context.folder, isOneDisk ? bytes * 2 : bytes)
  let user = ''
  for (const [number] of chain.entries()) {
    const isLast = number === chain.length - 1
    const copy = isLast ? context.folder : earlierFolder(context.folder, number)
    const part = within(parts, String(number))
    await makeFolder(part, { mode: 0o700 })
    user = await unpack(copy, part, parts, context)
  }
  // A block of the outcome comes from one of them: it is no larger than they are together.
  if (!isOneDisk) await refuseWithout(folder, bytes)
  await own(folder, user, signal)
  const { image, below } = chain.at(-1)!
  const mounts = [
    { Type: 'bind' as const, Source: parts, Target: partsPath, ReadOnly: true },
    { Type: 'bind' as const, Source: folder, Target: clusterPath },
  ]
  const client = { image, network: 'none', password: null, mounts }
  const damage = await withClient(context, client, async ({ container }) => {
    const door: PostgresDoor = { engine, container, user, env: ['LC_ALL=C'], signal }
    const names = chain.map((_each, number) => within(partsPath, String(number)))
    for (const name of names) {
      const found = await verified(door, name)
      if (found.length > 0) return found
    }
    note(`combining ${names.length} base backups`)
    const how = ['--no-sync', '--manifest-checksums=SHA256']
    const to = `--output=${within(clusterPath, below)}`
    await program(door, ['pg_combinebackup', ...how, to, ...names])
    return []
  })
  await removePath(parts)
  return { user, damage }
}

const linesMax = 12
/** As `pg_verifybackup` ends where something differs. Anything else says nothing of the copy. */
const differs = 1

/** Compares every file with the manifest that PostgreSQL wrote of it; the log is checked as it is read. */
export const verified = async (
  { engine, container, user, env, signal }: PostgresDoor,
  pgdata: string,
): Promise<string[]> => {
  const argv = ['pg_verifybackup', '--no-parse-wal', '--quiet', pgdata]
  const { code, stderr } = await commandIn(engine, container, { argv, user, env, signal })
  if (code === 0) return []
  const lines = stderr.split('\n').filter(Boolean).slice(0, linesMax)
  if (code === differs && lines.length > 0) return lines
  throw clientFailed(argv[0]!, code, stderr)
}
