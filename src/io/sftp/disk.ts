import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import type { Attributes, FileEntryWithStats, Stats } from 'ssh2'
import type { Disk, DiskEntry, OnBytes, Reading } from '../disk.ts'
import { StoreFault } from '../fault.ts'
import type { SftpTarget } from './connect.ts'
import { type Ask, sftpSession } from './session.ts'
import { inFlightBytes, receivePieces, sendPieces } from './transfer.ts'

/** A folder behind SFTP; relative to where the login lands, unless it begins with "/". */
export const sftpDisk = (target: SftpTarget, folder: string): Disk => {
  const session = sftpSession(target)
  const at = (path: string) => [folder, path].filter(Boolean).join('/') || '.'
  const use = session.use
  return {
    ready: (signal) => use(signal, (ask) => makeAll(ask, at(''))),
    stat: (path, signal) => use(signal, (ask) => statOf(ask, at(path))),
    entries: (path, signal) => use(signal, (ask) => entriesOf(ask, at(path))),
    makeFolder: (path, signal) => use(signal, (ask) => makeAll(ask, at(path))),
    removeFile: (path, signal) =>
      use(signal, (ask) =>
        ask(at(path), (sftp, done) => sftp.unlink(at(path), done)).catch(missing(undefined)),
      ),
    removeFolder: (path, signal) =>
      use(signal, (ask) =>
        ask(at(path), (sftp, done) => sftp.rmdir(at(path), done)).then(() => true, isNo),
      ),
    rename: (from, to, signal) => use(signal, (ask) => rename(ask, at(from), at(to))),
    free: (signal) => use(signal, (ask) => freeOf(ask, at(''))),
    send: (file, path, part, onBytes, signal) =>
      use(signal, (ask) => send(ask, file, { ...part, path: at(path) }, onBytes)),
    read: (path, onBytes, signal) => use(signal, (ask) => read(ask, at(path), onBytes)),
    fetch: (path, file, onBytes, signal) =>
      use(signal, (ask) => fetchInto(ask, at(path), file, onBytes)),
    looseTailBytes: inFlightBytes,
    close: session.close,
  }
}

/** Turns "there is none" into a value; every other fault stays one. */
const missing =
  <Value>(value: Value) =>
  (thrown: unknown): Value => {
    if (thrown instanceof StoreFault && ['no-file', 'no-folder'].includes(thrown.kind)) return value
    throw thrown
  }

/** What a server does not know how to do is done another way, or left. */
const unsupported = (thrown: unknown): false => {
  if (thrown instanceof StoreFault && thrown.kind === 'unsupported') return false
  throw thrown
}

/** The server's no, whatever its reason; a line that is gone is no answer. */
const isNo = (thrown: unknown): false => {
  if (thrown instanceof StoreFault && thrown.kind !== 'dropped') return false
  throw thrown
}

const kindOf = (stats: Stats): DiskEntry['is'] =>
  stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other'

const entryOf = (name: string, stats: Stats): DiskEntry => ({
  name,
  is: kindOf(stats),
  bytes: stats.size,
  at: stats.mtime * 1000,
})

const statOf = (ask: Ask, path: string): Promise<DiskEntry | null> =>
  ask<Stats>(path, (sftp, done) => sftp.stat(path, done)).then(
    (stats) => entryOf(path, stats),
    missing(null),
  )

const entriesOf = async (ask: Ask, path: string): Promise<DiskEntry[]> => {
  const list = await ask<FileEntryWithStats[]>(path, (sftp, done) =>
    sftp.readdir(path, done),
  ).catch(missing([]))
  return list.map(({ filename, attrs }) => entryOf(filename, attrs))
}

/** From the deepest folder that is there on; servers differ in what they say of one that is. */
const makeAll = async (ask: Ask, path: string): Promise<void> => {
  const found = await statOf(ask, path)
  if (found?.is === 'folder') return
  if (found) throw new StoreFault('no-folder', `${path} is no folder`)
  const above = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
  if (above) await makeAll(ask, above)
  const attributes = { mode: 0o700 } as Attributes
  await ask(path, (sftp, done) => sftp.mkdir(path, attributes, done)).catch(async (thrown) => {
    // Somebody else may have made it in the meantime.
    if ((await statOf(ask, path))?.is !== 'folder') throw thrown
  })
}

/**
 * OpenSSH and those that follow it replace a file by renaming. Elsewhere the old one has to go first,
 * and for a moment there is neither.
 */
const rename = async (ask: Ask, from: string, to: string): Promise<void> => {
  const atOnce = await ask(to, (sftp, done) => sftp.ext_openssh_rename(from, to, done)).then(
    () => true,
    unsupported,
  )
  if (!atOnce) {
    await ask(to, (sftp, done) => sftp.unlink(to, done)).catch(missing(undefined))
    await ask(to, (sftp, done) => sftp.rename(from, to, done))
  }
  await flushFolder(ask, to.slice(0, Math.max(0, to.lastIndexOf('/'))) || '.')
}

/** So that the new name outlives a power cut there, on servers that let a folder be flushed. */
const flushFolder = async (ask: Ask, path: string): Promise<void> => {
  const handle = await ask<Buffer>(path, (sftp, done) => sftp.open(path, 'r', done)).catch(isNo)
  if (handle === false) return
  await ask(path, (sftp, done) => sftp.ext_openssh_fsync(handle, done)).catch(isNo)
  await ask(path, (sftp, done) => sftp.close(handle, done)).catch(isNo)
}

type Space = { f_bavail: number; f_frsize: number }

const freeOf = async (ask: Ask, path: string): Promise<number | null> => {
  const space = await ask<Space>(path, (sftp, done) => sftp.ext_openssh_statvfs(path, done)).catch(
    isNo,
  )
  const free = space === false ? Number.NaN : space.f_bavail * space.f_frsize
  return Number.isFinite(free) ? free : null
}

const withHandle = async <Value>(
  ask: Ask,
  path: string,
  mode: 'r' | 'r+' | 'w',
  act: (handle: Buffer) => Promise<Value>,
): Promise<Value> => {
  const attributes = { mode: 0o600 }
  const handle = await ask<Buffer>(path, (sftp, done) => sftp.open(path, mode, attributes, done))
  try {
    return await act(handle)
  } finally {
    await ask(path, (sftp, done) => sftp.close(handle, done)).catch(() => undefined)
  }
}

const send = async (
  ask: Ask,
  file: string,
  part: { path: string; from: number; bytes: number },
  onBytes: OnBytes,
): Promise<void> => {
  const source = await open(file, 'r')
  try {
    await withHandle(ask, part.path, part.from > 0 ? 'r+' : 'w', async (handle) => {
      await sendPieces(ask, handle, source, part, onBytes)
      await ask(part.path, (sftp, done) => sftp.ext_openssh_fsync(handle, done)).catch(unsupported)
    })
  } finally {
    await source.close()
  }
}

const read = async (
  ask: Ask,
  path: string,
  onBytes: OnBytes,
  onPiece: (piece: Buffer) => Promise<void> = async () => undefined,
): Promise<Reading> => {
  const found = await statOf(ask, path)
  if (found?.is !== 'file') throw new StoreFault('no-file', path)
  const hash = createHash('sha256')
  await withHandle(ask, path, 'r', (handle) =>
    receivePieces(ask, handle, { path, bytes: found.bytes }, async (piece) => {
      hash.update(piece)
      await onPiece(piece)
      await onBytes(piece.length)
    }),
  )
  return { bytes: found.bytes, sha256: hash.digest('hex') }
}

const fetchInto = async (
  ask: Ask,
  path: string,
  file: string,
  onBytes: OnBytes,
): Promise<Reading> => {
  const target = await open(file, 'wx', 0o600)
  try {
    const reading = await read(ask, path, onBytes, async (piece) => {
      await target.writeFile(piece)
    })
    await target.sync()
    return reading
  } catch (thrown) {
    await rm(file, { force: true })
    throw thrown
  } finally {
    await target.close()
  }
}
