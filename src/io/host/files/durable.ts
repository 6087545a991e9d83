import { createHash } from 'node:crypto'
import { constants, createReadStream, type Stats } from 'node:fs'
import {
  link,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { pipeline } from 'node:stream/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { withPathBeside } from './beside.ts'

let written = 0

/**
 * Writes a whole file so that after a power cut either the old or the new content is there: to a
 * temporary name, flushed, renamed, and the folder flushed too.
 */
export const writeDurable = async (path: string, content: string | Uint8Array, mode = 0o600) => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // Two may write the same file at once, also two programs: each has a name of its own until it is whole.
  const temporary = `${path}.${process.pid}-${written++}.new`
  const file = await open(temporary, 'w', mode)
  try {
    await file.writeFile(content)
    await file.chmod(mode)
    await file.sync()
  } catch (error) {
    // On a full disk it would take the little room that somebody makes.
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  await flushFolder(dirname(path))
}

/** Opens a file for lines that are on disk when `append` returns. */
export const openAppending = async (path: string) => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600)
  await flushFolder(dirname(path))
  return {
    append: async (line: string) => {
      await file.appendFile(`${line}\n`)
      await file.datasync()
    },
    close: () => file.close(),
  }
}

/** Creates a file that must not exist yet. False if it does. */
export const createExclusive = async (
  path: string,
  content: string | Uint8Array,
  mode = 0o600,
): Promise<boolean> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    await create(path, content, mode)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** Half a file would be taken for a whole one, and stand in the way of the next try. */
const create = async (path: string, content: string | Uint8Array, mode: number) => {
  const file = await open(path, 'wx', mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined)
    throw error
  } finally {
    await file.close()
  }
}

/** What `link` says where a file cannot have two names: exFAT, folders of a virtual machine's host, some mounts. */
const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])

/**
 * As `createExclusive`, for what must outlive a power cut: whoever finds the file finds all of it,
 * and of two that make it at once exactly one is told that it did. Where the file system has no links, only the latter holds.
 */
export const createDurable = async (
  path: string,
  content: string,
  mode = 0o600,
  linkTo = link,
): Promise<boolean> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  return withPathBeside(path, async (temporary) => {
    await create(temporary, content, mode)
    try {
      await linkTo(temporary, path)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'EEXIST') return false
      if (withoutLinks.has(code)) return createExclusive(path, content, mode)
      throw error
    }
    await flushFolder(dirname(path))
    return true
  })
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? ''

/** The text of a file, or null if there is none, or a folder in its place. */
export const readText = (path: string): Promise<string | null> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(error.code ?? '')) return null
    throw error
  })

/** What a path is, or null if there is nothing. */
export const statOf = (path: string): Promise<Stats | null> =>
  stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw error
  })

/** Names in a folder, sorted; none if there is no folder. */
export const namesIn = async (folder: string): Promise<string[]> => {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [] as string[]
    throw error
  })
  return names.toSorted()
}

/** Gives a folder that is whole its name, unless one of that name is there already. */
export const nameFolder = (from: string, to: string): Promise<void> =>
  rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })

/** Removes a file or folder; nothing happens if there is none. */
export const removePath = (path: string) => rm(path, { recursive: true, force: true })

const flushFolder = async (folder: string) => {
  const handle = await open(folder, 'r')
  await handle.sync()
  await handle.close()
}

/** A path below a folder; absolute names stay as they are, as in a shell. */
export const within = (folder: string, ...names: string[]) =>
  names.some((name) => isAbsolute(name)) ? resolve(folder, ...names) : join(folder, ...names)

/** The whole path of something named relative to where the command was started. */
export const absolute = (path: string) => resolve(path)

/** A new folder that only this user can enter, in the system's temporary one; the caller removes it. */
export const privateFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'zarpe-'))

/** A private folder that is gone when `act` ends. */
export const withTemporaryFolder = async <Result>(
  act: (folder: string) => Promise<Result>,
): Promise<Result> => {
  const folder = await privateFolder()
  try {
    return await act(folder)
  } finally {
    await removePath(folder)
  }
}

/** A new file with this content, in a private folder that is gone when `act` ends. */
export const withTemporaryFile = <Result>(
  content: string,
  act: (path: string) => Promise<Result>,
): Promise<Result> =>
  withTemporaryFolder(async (folder) => {
    const path = join(folder, 'content')
    await writeFile(path, content, { mode: 0o600 })
    return act(path)
  })

/** The bytes of a file that must exist. */
export const readBytes = (path: string): Promise<Buffer> => readFile(path)

/** The first bytes of a file, fewer if it has fewer. */
export const headOf = async (path: string, length: number): Promise<Buffer> => {
  const handle = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** SHA-256 of a file, in hex, without holding it in memory. */
export const sha256File = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
