import { removePath, statOf, within } from '../../../io/host/files/durable.ts'
import { readCompressed } from '../../../io/host/files/tree.ts'
import { walk } from '../../../io/host/files/walk.ts'
import type { DataContext, Loss, Swap } from '../../engine.ts'
import type { VolumeContents } from '../../held.ts'
import type { Expectation, VolumeDataset } from '../../model.ts'
import { isLive, notBeside } from '../aside-problems.ts'
import { escaped } from './escape.ts'
import { unmetIn } from './expect.ts'
import { listName } from './files.ts'
import { parseList } from './list.ts'
import { exchange, placeOf, refuseOther } from './place.run.ts'
import { restoreInto } from './proof.run.ts'
import { awaitUsers, restartUsers } from './restart.run.ts'
import { timeOf } from './tar.ts'
import { fileLosses, type LiveEntry } from './weigh.ts'

/** Unpacks beside the live files, on the same disk, and compares all of it. */
export const load = async (
  { volume }: VolumeDataset,
  held: VolumeContents,
  beside: string,
  context: DataContext,
): Promise<string[]> => {
  refuseOther(held.volume, volume)
  const place = await placeOf(volume, context)
  // What an earlier try left was never put in anybody's place.
  await removePath(place.beside(beside))
  return restoreInto(place.beside(beside), held, context)
}

/** Both folders change names at once; then whoever had the old one open is started anew. */
export const swap = async (
  { volume }: VolumeDataset,
  names: Swap & { beside: string },
  context: DataContext,
): Promise<void> => {
  const place = await placeOf(volume, context)
  const isThere = async (name: string) => (await statOf(place.beside(name))) !== null
  const renew = () => restartUsers(volume, context.engine)
  const isBeside = await isThere(names.beside)
  if (!isBeside && !(await isThere(names.aside))) throw notBeside(names.beside)
  await awaitUsers(isBeside ? await exchange(place, names, renew) : await renew(), context)
}

export const there = async (
  { volume }: VolumeDataset,
  name: string,
  context: DataContext,
): Promise<boolean> => {
  const place = await placeOf(volume, context)
  return (await statOf(place.beside(name))) !== null
}

export const discard = async ({ volume }: VolumeDataset, name: string, context: DataContext) => {
  const place = await placeOf(volume, context)
  if (name === volume) throw isLive(name)
  await removePath(place.beside(name))
}

/** File by file, by what can be known of it without reading it. */
export const weigh = async (
  { volume }: VolumeDataset,
  _held: VolumeContents,
  context: DataContext,
): Promise<Loss[]> => {
  const list = within(context.folder, listName)
  if (!(await statOf(list))) return [unknown]
  const live = await liveEntries(volume, context)
  return fileLosses(live, parseList(await readCompressed(list)))
}

const unknown: Loss = {
  what: 'every file',
  rowsNow: 0,
  rowsThen: 0,
  words: 'may change: the server itself has no copy to compare with',
}

export const expect = async (
  { volume }: VolumeDataset,
  expectations: Expectation[],
  context: DataContext,
): Promise<string[]> => unmetIn(await liveEntries(volume, context), expectations)

const liveEntries = async (volume: string, context: DataContext): Promise<LiveEntry[]> => {
  const place = await placeOf(volume, context)
  const entries: LiveEntry[] = []
  for await (const { name, facts } of walk(place.live)) {
    context.signal.throwIfAborted()
    const nanoseconds = String(facts.mtimeNs % 1_000_000_000n).padStart(9, '0')
    entries.push({
      name: escaped(name),
      kind: kindOf(facts),
      size: Number(facts.size),
      mtime: timeOf(`${facts.mtimeNs / 1_000_000_000n}.${nanoseconds}`),
    })
  }
  // Sockets are in no copy, and lost with nothing in them.
  return entries.filter(({ kind }) => kind !== 'socket')
}

type Facts = Record<
  'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket' | 'isCharacterDevice' | 'isBlockDevice',
  () => boolean
>

const kindOf = (facts: Facts): string => {
  if (facts.isDirectory()) return 'folder'
  if (facts.isSymbolicLink()) return 'symlink'
  if (facts.isFIFO()) return 'fifo'
  if (facts.isSocket()) return 'socket'
  if (facts.isCharacterDevice()) return 'character'
  return facts.isBlockDevice() ? 'block' : 'file'
}
