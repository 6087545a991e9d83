import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sha256File } from '../host/files/durable.ts'

const keptMs = 30 * 24 * 3600 * 1000

/** A folder of blobs named by their SHA-256. Blobs unused for 30 days are dropped when it is opened. */
export const openStore = async (folder: string) => {
  const blobs = join(folder, 'blobs')
  const uploads = join(folder, 'uploads')
  await mkdir(blobs, { recursive: true })
  await mkdir(uploads, { recursive: true })
  await dropOld(blobs)
  await dropOld(uploads)
  const pathOf = (digest: string) => join(blobs, hexOf(digest))

  return {
    /** Size in bytes, or null if the blob is not here. */
    size: async (digest: string): Promise<number | null> => {
      const found = await stat(pathOf(digest)).catch(() => null)
      if (found) await utimes(pathOf(digest), new Date(), new Date())
      return found?.size ?? null
    },
    read: (digest: string): Readable => createReadStream(pathOf(digest)),
    begin: async () => {
      const id = randomUUID()
      await writeFile(join(uploads, id), '')
      return id
    },
    append: async (id: string, source: Readable): Promise<number> => {
      const path = join(uploads, checkedId(id))
      await pipeline(source, createWriteStream(path, { flags: 'a' }))
      return (await stat(path)).size
    },
    /** False when the bytes are not what the digest says; they are dropped then. */
    finish: async (id: string, digest: string): Promise<boolean> => {
      const path = join(uploads, checkedId(id))
      if ((await digestOf(path)) !== digest) {
        await rm(path, { force: true })
        return false
      }
      await rename(path, pathOf(digest))
      return true
    },
    /** Keeps what was appended under the digest that it has. */
    seal: async (id: string): Promise<{ digest: string; size: number }> => {
      const path = join(uploads, checkedId(id))
      const digest = await digestOf(path)
      await rename(path, pathOf(digest))
      return { digest, size: (await stat(pathOf(digest))).size }
    },
    /** Forgets what was appended. */
    drop: (id: string): Promise<void> => rm(join(uploads, checkedId(id)), { force: true }),
    put: async (content: Uint8Array): Promise<string> => {
      const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`
      await writeFile(pathOf(digest), content)
      return digest
    },
  }
}

type Folder = Awaited<ReturnType<typeof openStore>>

/** What a registry needs of whatever keeps its blobs. */
export type Store = Omit<Folder, 'seal' | 'drop'>

/** One that names by itself what it was given without a name. */
export type SealingStore = Folder

const digestOf = async (path: string) => `sha256:${await sha256File(path)}`

const hexOf = (digest: string) => {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1]
  if (!hex) throw new Error(`not a digest: ${digest.slice(0, 100)}`)
  return hex
}

const checkedId = (id: string) => {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Error('not an upload')
  return id
}

const dropOld = async (folder: string) => {
  for (const name of await readdir(folder)) {
    const found = await stat(join(folder, name)).catch(() => null)
    if (found && Date.now() - found.mtimeMs > keptMs) await rm(join(folder, name), { force: true })
  }
}
