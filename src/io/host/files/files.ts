import { constants } from 'node:fs'
import {
  access,
  chmod,
  chown,
  type FileHandle,
  mkdir,
  open,
  rename,
  statfs,
  unlink,
} from 'node:fs/promises'
import { dirname } from 'node:path'
import { withPathBeside } from './beside.ts'

/** Most that is read of one file; what Zarpe reads whole is configuration, never data. */
const readBytesMax = 4 * 1024 * 1024

/** The text of a file and who may use it, or null if there is no file (nor a folder to it). */
export const readFileFacts = async (path: string) => {
  const file = await open(path, 'r').catch(missingIsNull)
  if (!file) return null
  try {
    const facts = await file.stat()
    if (!facts.isFile()) return null
    const buffer = Buffer.alloc(readBytesMax)
    // A file of /proc has no size to go by: it is read until it ends.
    let length = 0
    while (length < readBytesMax) {
      const { bytesRead } = await file.read(buffer, length, readBytesMax - length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return {
      content: buffer.toString('utf8', 0, length),
      mode: `0${(facts.mode & 0o7777).toString(8)}`,
      changedAt: Math.floor(facts.mtimeMs / 1000),
      userId: facts.uid,
      groupId: facts.gid,
    }
  } finally {
    await file.close()
  }
}

export type WriteOptions = { mode: number; userId?: number; groupId?: number }

/**
 * Writes a whole file: under another name, flushed, then renamed, so that a reader or a power cut
 * finds the old content or the new one. Folders that lack are made, with the usual rights.
 */
export const writeFileWhole = async (
  path: string,
  content: string | Uint8Array,
  options: WriteOptions,
): Promise<void> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 })
  await withPathBeside(path, async (temporary) => {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL
    const file = await open(temporary, flags, options.mode)
    try {
      await file.writeFile(content)
      // The umask may have taken rights away that are asked for.
      await file.chmod(options.mode)
      if (options.userId !== undefined) await file.chown(options.userId, options.groupId ?? 0)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  })
  await syncFolder(dirname(path))
}

/** Makes a folder with exactly these rights, if it is not there yet. */
export const makeFolder = async (path: string, options: WriteOptions): Promise<void> => {
  const made = await mkdir(path, { recursive: true, mode: options.mode })
  // The umask may have taken rights away that are asked for.
  if (made !== undefined) await chmod(path, options.mode)
  if (options.userId !== undefined) await chown(path, options.userId, options.groupId ?? 0)
}

/** Gives a file another name; one that has that name already is replaced. */
export const moveTo = (from: string, to: string): Promise<void> => rename(from, to)

/** Removes a file and says whether it was there: of two that try, exactly one is told so. */
export const takeAway = async (path: string): Promise<boolean> =>
  (await unlink(path)
    .then(() => true)
    .catch(missingIsNull)) ?? false

/** Whether this process may write to what is there; root may not either on a read-only mount. */
export const isWritable = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  )

/** Space of the file system that holds a path, in megabytes. */
export const diskSpace = async (path: string) => {
  const facts = await statfs(path)
  const mb = (blocks: number) => Math.floor((blocks * facts.bsize) / 1024 / 1024)
  return { totalMb: mb(facts.blocks), freeMb: mb(facts.bavail) }
}

const syncFolder = async (path: string) => {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

const missingIsNull = (error: NodeJS.ErrnoException) => {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}

/** The first bytes of a file; fewer if it has no more. */
export const readHead = async (path: string, bytes: number): Promise<Buffer> => {
  const file = await open(path, 'r')
  try {
    return await firstOf(file, bytes)
  } finally {
    await file.close()
  }
}

/**
 * Takes a file out of a folder that somebody else may write in, to a path where he cannot, and returns its first bytes; null if
 * there is none, or what is there is no file. A link is not followed, and nothing is waited for.
 */
export const takeFile = async (from: string, to: string, bytes: number): Promise<Buffer | null> => {
  try {
    await rename(from, to)
  } catch {
    return null
  }
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const file = await open(to, flags).catch(() => null)
  if (!file) return null
  try {
    return (await file.stat()).isFile() ? await firstOf(file, bytes) : null
  } finally {
    await file.close()
  }
}

const firstOf = async (file: FileHandle, bytes: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0)
  return buffer.subarray(0, bytesRead)
}
