import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import {
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Disk, DiskEntry, OnBytes, Reading } from '../../disk.ts'
import { type FaultKind, StoreFault } from '../../fault.ts'

const pieceBytes = 1024 * 1024

/** A folder of this server as a store's disk. It must be there unless it is to be `made`: that could hide a disk that is not mounted. */
export const localDisk = (folder: string, made: boolean): Disk => {
  const at = (path: string) => join(folder, path)
  const guarded = async <Value>(signal: AbortSignal, path: string, act: () => Promise<Value>) => {
    signal.throwIfAborted()
    return act().catch((thrown: unknown) => {
      throw faultOf(thrown, at(path))
    })
  }
  return {
    ready: (signal) => guarded(signal, '', () => beFolder(folder, made)),
    stat: (path, signal) => guarded(signal, path, () => entryAt(at(path), path)),
    entries: (path, signal) => guarded(signal, path, () => entriesOf(at(path))),
    makeFolder: (path, signal) =>
      guarded(
        signal,
        path,
        async () => void (await mkdir(at(path), { recursive: true, mode: 0o700 })),
      ),
    removeFile: (path, signal) => guarded(signal, path, () => rm(at(path), { force: true })),
    removeFolder: (path, signal) =>
      guarded(signal, path, () =>
        rmdir(at(path)).then(
          () => true,
          () => false,
        ),
      ),
    rename: (from, to, signal) =>
      guarded(signal, to, async () => {
        await rename(at(from), at(to))
        await flushFolder(dirname(at(to)))
      }),
    free: (signal) =>
      guarded(signal, '', async () => {
        const space = await statfs(folder)
        return space.bavail * space.bsize
      }),
    send: (file, path, { from, bytes }, onBytes, signal) =>
      guarded(signal, path, () => send(file, at(path), { from, bytes }, onBytes, signal)),
    read: (path, onBytes, signal) =>
      guarded(signal, path, () => copy(at(path), null, { from: 0, onBytes, signal })),
    fetch: (path, file, onBytes, signal) =>
      guarded(signal, path, () => fetchInto(at(path), file, onBytes, signal)),
    looseTailBytes: 0,
    close: async () => undefined,
  }
}

const kindOfSystem: Record<string, FaultKind> = {
  ENOENT: 'no-file',
  ENOTDIR: 'no-folder',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EROFS: 'forbidden',
  ENOSPC: 'full',
  EDQUOT: 'full',
  ENODEV: 'no-folder',
}

const faultOf = (thrown: unknown, path: string): unknown => {
  const { code, syscall } = thrown as NodeJS.ErrnoException
  if (thrown instanceof StoreFault || code === undefined || syscall === undefined) return thrown
  return new StoreFault(kindOfSystem[code] ?? 'failed', `${path}: ${code}`, { cause: thrown })
}

const beFolder = async (folder: string, made: boolean) => {
  if (made) await mkdir(folder, { recursive: true, mode: 0o700 })
  const found = await entryAt(folder, folder)
  if (found?.is !== 'folder') throw new StoreFault('no-folder', `${folder} is no folder`)
}

const entryOf = (name: string, stats: Stats): DiskEntry => ({
  name,
  is: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other',
  bytes: stats.size,
  at: stats.mtimeMs,
})

const nullIfMissing = (error: NodeJS.ErrnoException) => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}

const entryAt = async (path: string, name: string): Promise<DiskEntry | null> => {
  const stats = await stat(path).catch(nullIfMissing)
  return stats && entryOf(name, stats)
}

const entriesOf = async (folder: string): Promise<DiskEntry[]> => {
  const names = (await readdir(folder).catch(nullIfMissing)) ?? []
  const entries: DiskEntry[] = []
  for (const name of names) {
    const entry = await entryAt(join(folder, name), name)
    if (entry) entries.push(entry)
  }
  return entries
}

const flushFolder = async (folder: string) => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

type Copying = { from: number; onBytes: OnBytes; signal: AbortSignal }

/** Reads a file from an offset to its end, into another or nowhere, and says what it was. */
const copy = async (
  source: string,
  target: FileHandle | null,
  { from, onBytes, signal }: Copying,
): Promise<Reading> => {
  const input = await open(source, 'r')
  try {
    const hash = createHash('sha256')
    const piece = Buffer.allocUnsafe(pieceBytes)
    let at = from
    for (;;) {
      signal.throwIfAborted()
      const { bytesRead } = await input.read(piece, 0, pieceBytes, at)
      if (bytesRead === 0) return { bytes: at, sha256: hash.digest('hex') }
      const part = piece.subarray(0, bytesRead)
      hash.update(part)
      if (target) await writeAll(target, part, at)
      at += bytesRead
      await onBytes(bytesRead)
    }
  } finally {
    await input.close()
  }
}

const writeAll = async (target: FileHandle, part: Buffer, at: number) => {
  for (let done = 0; done < part.length;) {
    const { bytesWritten } = await target.write(part, done, part.length - done, at + done)
    done += bytesWritten
  }
}

const send = async (
  file: string,
  path: string,
  { from }: { from: number; bytes: number },
  onBytes: OnBytes,
  signal: AbortSignal,
) => {
  const target = await open(path, from > 0 ? 'r+' : 'w', 0o600)
  try {
    await copy(file, target, { from, onBytes, signal })
    await target.sync()
  } finally {
    await target.close()
  }
}

/** What keeps a file from having a second name. */
const noLink = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'ENOSYS'])

/**
 * A second name on the same disk, or else a copy. A store's files never change, and what was fetched is only read, by one
 * act: it need not be on disk, and is not written at all where a name will do.
 */
const fetchInto = async (path: string, file: string, onBytes: OnBytes, signal: AbortSignal) => {
  const isLinked = await link(path, file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (noLink.has(error.code ?? '')) return false
      throw error
    },
  )
  const target = isLinked ? null : await open(file, 'wx', 0o600)
  try {
    return await copy(path, target, { from: 0, onBytes, signal })
  } catch (thrown) {
    await rm(file, { force: true })
    throw thrown
  } finally {
    await target?.close()
  }
}
