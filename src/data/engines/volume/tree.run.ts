import {
  compressing,
  packTree,
  readTree,
  type TarEnd,
  unpackTree,
} from '../../../io/host/files/tree.ts'
import { Problem } from '../../../problem/problem.ts'
import { within } from '../../../io/host/files/durable.ts'
import type { DataContext } from '../../engine.ts'
import type { TreeContents } from '../../held.ts'
import { listName, tarName } from './files.ts'
import { type TreeCount, treeLister } from './list.ts'

type Noted = Pick<DataContext, 'signal' | 'note' | 'pace'>

const noteEveryBytes = 64 * 1024 * 1024

/**
 * Packs a tree into the work folder, with a list of what is in it that is made of the very bytes that are packed.
 * `said` is what tar had to say of it.
 */
export const packed = async (
  tree: string,
  { folder, signal, note, pace }: Noted & Pick<DataContext, 'folder'>,
): Promise<{ held: TreeContents; said: string[] }> => {
  const lister = treeLister()
  const list = compressing(within(folder, listName))
  const tell = teller(lister, note, 'packed')
  const to = within(folder, tarName)
  const ended = await packTree({ folder: tree, to, signal }, async (part) => {
    await list.write(lister.take(part))
    tell(part)
    await pace?.(part.length, signal)
  })
  await list.end()
  // 1 says that something changed while it was read; who, is among what was said.
  if (ended.code > 1) throw tarFailed(ended)
  const { entries, files, bytes, sha256: listSha256 } = lister.end()
  return { held: { entries, files, bytes, listSha256 }, said: ended.said }
}

/** Unpacks a tree into an empty folder, and reads all of it back. */
export const unpackedList = async (
  from: string,
  folder: string,
  list: string,
  context: Noted,
): Promise<TreeCount> => {
  const ended = await unpackTree({ from, folder, signal: context.signal })
  if (ended.code !== 0) throw tarFailed(ended)
  return listTree(folder, list, context)
}

/** Reads a whole tree and writes its list. */
export const listTree = async (
  folder: string,
  to: string,
  { signal, note }: Noted,
): Promise<TreeCount> => {
  const lister = treeLister()
  const list = compressing(to)
  const tell = teller(lister, note, 'compared')
  const ended = await readTree({ folder, signal }, async (part) => {
    await list.write(lister.take(part))
    tell(part)
  })
  await list.end()
  if (ended.code > 1) throw tarFailed(ended)
  return lister.end()
}

const teller = (lister: { newest: () => string }, note: Noted['note'], word: string) => {
  let bytes = 0
  let told = 0
  return (part: Buffer) => {
    bytes += part.length
    if (bytes - told < noteEveryBytes) return
    told = bytes
    note(`${Math.round(bytes / 1e6)} MB ${word}, now ${lister.newest()}`)
  }
}

/** Tar could not do what it was told. */
export const tarFailed = ({ code, said }: TarEnd) =>
  new Problem({
    code: 'data/program-failed',
    summary: 'The files of a volume could not be read or written.',
    detail: `\`tar\` exited ${code}.`,
    fix: ['df -h', 'journalctl -k -n 20    # a disk that fails is told there'],
    evidence: said.slice(-8),
  })
