import { open, readFile, rm } from 'node:fs/promises'
import type { OnBytes, Reading } from '../disk.ts'
import { StoreFault } from '../fault.ts'
import { s3Client, type S3Target } from './client.ts'
import { abandon, listUnfinished, partSizeFor, type Unfinished, uploadParts } from './multipart.ts'
import { listObjects, readObject, removeObject, sizeOf, writeObject } from './objects.ts'

type Transfer = { onBytes: OnBytes; signal: AbortSignal }

/** A bucket below its prefix, as a store needs it. Every failure is a `StoreFault`. */
export type Bucket = {
  /** Bytes of an object, or null if there is none. */
  size: (name: string, signal: AbortSignal) => Promise<number | null>
  list: (folder: string, signal: AbortSignal) => Promise<{ name: string; bytes: number }[]>
  /** The object is there whole once this returns, and not before. */
  write: (name: string, file: string, bytes: number, transfer: Transfer) => Promise<void>
  read: (name: string, transfer: Transfer) => Promise<Reading>
  /** Into a local file that must not exist yet; nothing is left of one that fails. */
  fetch: (name: string, file: string, transfer: Transfer) => Promise<Reading>
  remove: (name: string, signal: AbortSignal) => Promise<void>
  unfinished: (signal: AbortSignal) => Promise<(Unfinished & { name: string })[]>
  abandon: (upload: Unfinished, signal: AbortSignal) => Promise<void>
}

/** Opens nothing yet. `partBytes` is how much is sent, and held in memory, at once; 5 MiB at the least. */
export const s3Bucket = (target: S3Target, partBytes: number): Bucket => {
  const client = s3Client(target)
  const below = target.prefix ? `${target.prefix}/` : ''
  const keyOf = (name: string) => `${below}${name}`
  const size = (name: string, signal: AbortSignal) => sizeOf(client, keyOf(name), signal)
  const sizeNow = async (name: string, signal: AbortSignal) => {
    const bytes = await size(name, signal)
    if (bytes === null) throw new StoreFault('no-file', name)
    return bytes
  }
  return {
    size,
    list: async (folder, signal) => {
      const objects = await listObjects(client, keyOf(folder && `${folder}/`), signal)
      return objects.map(({ key, bytes }) => ({ name: key.slice(below.length), bytes }))
    },
    write: async (name, file, bytes, { onBytes, signal }) => {
      if (bytes <= partBytes) {
        await writeObject(client, keyOf(name), await readFile(file), signal)
        return onBytes(bytes)
      }
      const source = { path: file, bytes, partBytes: partSizeFor(bytes, partBytes) }
      return uploadParts(client, keyOf(name), source, onBytes, signal)
    },
    read: async (name, transfer) => {
      const bytes = await sizeNow(name, transfer.signal)
      return readObject(client, keyOf(name), bytes, () => undefined, transfer)
    },
    fetch: async (name, file, transfer) => {
      const bytes = await sizeNow(name, transfer.signal)
      const local = await open(file, 'wx', 0o600)
      try {
        const take = (piece: Uint8Array) => local.writeFile(piece)
        const reading = await readObject(client, keyOf(name), bytes, take, transfer)
        await local.sync()
        return reading
      } catch (thrown) {
        await rm(file, { force: true })
        throw thrown
      } finally {
        await local.close()
      }
    },
    remove: (name, signal) => removeObject(client, keyOf(name), signal),
    unfinished: async (signal) =>
      (await listUnfinished(client, below, signal)).map((each) => ({
        ...each,
        name: each.key.slice(below.length),
      })),
    abandon: (upload, signal) => abandon(client, upload, signal),
  }
}
