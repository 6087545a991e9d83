import type { Disk, DiskEntry } from '../../io/disk.ts'
import { StoreFault } from '../../io/fault.ts'
import type { Store, StoreContext, StoredFile } from '../store.ts'
import type { Pace } from '../../io/pace.ts'
import { depthMax, folderOfName, incomingFolder, incomingName, isWord } from './names.ts'
import { paced, progressOf } from './progress.ts'

type Expected = { bytes: number; sha256: string }

type PutContext = StoreContext & Pick<DriverOptions, 'pace'>

/** What a driver is told besides where its store is. */
export type DriverOptions = {
  /** How long what is unfinished must have rested before `sweep` takes it: somebody may be at it. */
  staleMs: number
  /** Milliseconds since the epoch. */
  now: () => number
  /** How fast it may be sent to and read back from. */
  pace: Pace
}

/** An archive of a log that is written to without pause has a file every few seconds. */
const filesMax = 1_000_000

/** A store on a file system, whichever it is: the one place that says how a file comes to be there. */
export const storeOnDisk = (disk: Disk, { staleMs, now, pace }: DriverOptions): Store => ({
  put: async (name, file, expect, context) => {
    const { signal } = context
    await disk.ready(signal)
    if (await isThere(disk, name, expect, { pace, ...context })) return
    const incoming = incomingName(name, expect.sha256)
    await disk.makeFolder(incomingFolder, signal)
    await sendWhole(disk, file, incoming, expect, { pace, ...context })
    if (folderOfName(name)) await disk.makeFolder(folderOfName(name), signal)
    await disk.rename(incoming, name, signal)
  },
  get: async (name, file, { signal, note }) => {
    await disk.ready(signal)
    const found = await disk.stat(name, signal)
    if (found?.is !== 'file') throw new StoreFault('no-file', name)
    return disk.fetch(name, file, progressOf('fetched', found.bytes, note), signal)
  },
  list: async (folder, { signal }) => {
    await disk.ready(signal)
    const files: StoredFile[] = []
    await listInto(disk, folder, files, signal)
    return files.toSorted((left, right) => (left.name < right.name ? -1 : 1))
  },
  remove: async (name, { signal }) => {
    await disk.ready(signal)
    await disk.removeFile(name, signal)
    for (let folder = folderOfName(name); folder; folder = folderOfName(folder))
      if (!(await disk.removeFolder(folder, signal))) return
  },
  sweep: async ({ signal }) => {
    await disk.ready(signal)
    for (const entry of await disk.entries(incomingFolder, signal))
      if (entry.is === 'file' && now() - entry.at >= staleMs)
        await disk.removeFile(`${incomingFolder}/${entry.name}`, signal)
    await disk.removeFolder(incomingFolder, signal)
  },
  close: () => disk.close(),
})

const isThere = async (
  disk: Disk,
  name: string,
  expect: Expected,
  { signal, note, pace }: PutContext,
) => {
  const found = await disk.stat(name, signal)
  if (found?.is !== 'file' || found.bytes !== expect.bytes) return false
  const compared = paced(progressOf('compared', expect.bytes, note), pace, signal)
  const reading = await disk.read(name, compared, signal)
  return reading.sha256 === expect.sha256
}

/** Sends a file, continuing what an earlier try left, and reads all of it back. */
const sendWhole = async (
  disk: Disk,
  file: string,
  incoming: string,
  expect: Expected,
  context: PutContext,
): Promise<void> => {
  const left = await disk.stat(incoming, context.signal)
  const from = continueAt(left, expect.bytes, disk.looseTailBytes)
  await haveRoom(disk, expect.bytes - (from > 0 ? (left?.bytes ?? 0) : 0), context.signal)
  if (from > 0) context.note(`continues an earlier upload at ${Math.round(from / 1_000_000)} MB`)
  if (await isSame(disk, file, incoming, from, expect, context)) return
  await disk.removeFile(incoming, context.signal)
  // What was left of the earlier try may have been damaged; what is sent anew has no such excuse.
  if (from > 0 && (await isSame(disk, file, incoming, 0, expect, context))) return
  if (from > 0) await disk.removeFile(incoming, context.signal)
  throw new StoreFault('damaged', 'what was read back is not what was sent')
}

const continueAt = (left: DiskEntry | null, bytes: number, looseTail: number) =>
  left?.is === 'file' && left.bytes <= bytes ? Math.max(0, left.bytes - looseTail) : 0

const isSame = async (
  disk: Disk,
  file: string,
  incoming: string,
  from: number,
  { bytes, sha256 }: Expected,
  { signal, note, pace }: PutContext,
): Promise<boolean> => {
  try {
    const sent = paced(progressOf('sent', bytes, note, from), pace, signal)
    await disk.send(file, incoming, { from, bytes }, sent, signal)
  } catch (thrown) {
    throw await whyNotSent(disk, incoming, thrown, signal)
  }
  note('sent; reading it back')
  const read = paced(progressOf('read back', bytes, note), pace, signal)
  try {
    const reading = await disk.read(incoming, read, signal)
    return reading.bytes === bytes && reading.sha256 === sha256
  } catch (thrown) {
    if (thrown instanceof StoreFault && thrown.kind === 'damaged') return false
    throw thrown
  }
}

/** Not enough for the rest of a file: it would only fill what others need. */
const haveRoom = async (disk: Disk, bytes: number, signal: AbortSignal) => {
  const free = await disk.free(signal)
  if (free !== null && free < bytes)
    throw new StoreFault(
      'full',
      `${Math.ceil(bytes / 1_000_000)} MB are to be written, ${Math.floor(free / 1_000_000)} MB are free`,
    )
}

const noRoomBytes = 1024 * 1024

/** SFTP has no word for a full disk. One that is full is freed of what came last. */
const whyNotSent = async (disk: Disk, incoming: string, thrown: unknown, signal: AbortSignal) => {
  if (!(thrown instanceof StoreFault) || !['failed', 'full'].includes(thrown.kind)) return thrown
  const free = await disk.free(signal).catch(() => null)
  const isFull = thrown.kind === 'full' || (free !== null && free < noRoomBytes)
  await disk.removeFile(incoming, signal).catch(() => undefined)
  return isFull ? new StoreFault('full', thrown.detail, { cause: thrown }) : thrown
}

const listInto = async (disk: Disk, folder: string, files: StoredFile[], signal: AbortSignal) => {
  if (folder.split('/').length > depthMax) return
  for (const entry of await disk.entries(folder, signal)) {
    // What else is kept there is not ours.
    if (!isWord(entry.name)) continue
    const name = folder ? `${folder}/${entry.name}` : entry.name
    if (entry.is === 'folder') await listInto(disk, name, files, signal)
    if (entry.is === 'file') files.push({ name, bytes: entry.bytes })
    if (files.length > filesMax) throw new StoreFault('too-many', `over ${filesMax} files`)
  }
}
