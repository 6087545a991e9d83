import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { z } from 'zod'
import {
  headOf,
  namesIn,
  readBytes,
  readText,
  removePath,
  statOf,
  writeDurable,
} from '../host/files/durable.ts'
import type { SealingStore } from './store.ts'

/** What `docker save` writes of each image, in archives of every version. */
const savedImages = z.tuple([z.object({ Config: z.string(), Layers: z.array(z.string()) })])
const imageConfig = z.object({ rootfs: z.object({ diff_ids: z.array(z.string()) }) })

const layerType = 'application/vnd.oci.image.layer.v1.tar'

/** How layers may be packed already, by their first bytes. */
const packings = [
  { head: '1f8b', suffix: '+gzip' },
  { head: '28b52ffd', suffix: '+zstd' },
]

type Part = { mediaType: string; digest: string; size: number }

/**
 * Puts images that an engine has saved into the store, as a push would have. A layer is packed once: under which digest is
 * remembered in `folder`, by the digest of what is in it, which is what an image names it by.
 */
export const openArchives = (store: SealingStore, folder: string) => {
  const fileOf = (content: string) => join(folder, 'layers', content.replace(/^sha256:/, ''))

  const known = async (content: string): Promise<Part | null> => {
    const [digest, mediaType] = ((await readText(fileOf(content))) ?? '').trim().split(' ')
    const size = digest ? await store.size(digest) : null
    return digest && mediaType && size !== null ? { mediaType, digest, size } : null
  }

  const pack = async (path: string, content: string, signal: AbortSignal): Promise<Part> => {
    const head = (await headOf(path, 4)).toString('hex')
    const packing = packings.find((each) => head.startsWith(each.head))
    const id = await store.begin()
    try {
      if (packing) await store.append(id, createReadStream(path, { signal }))
      else await packInto(id, path, content, signal)
      const mediaType = `${layerType}${packing?.suffix ?? '+gzip'}`
      const part = { mediaType, ...(await store.seal(id)) }
      await writeDurable(fileOf(content), `${part.digest} ${mediaType}\n`)
      return part
    } catch (error) {
      await store.drop(id)
      throw error
    }
  }

  const packInto = async (id: string, path: string, content: string, signal: AbortSignal) => {
    const hash = createHash('sha256')
    const bytes = createReadStream(path).on('data', (part) => hash.update(part))
    const gzip = createGzip()
    await Promise.all([pipeline(bytes, gzip, { signal }), store.append(id, gzip)])
    // It would be taken for that content from now on.
    if (`sha256:${hash.digest('hex')}` !== content)
      throw new Error(`a layer is not ${content}, as its image says`)
  }

  const put = async (unpacked: string, signal: AbortSignal): Promise<string> => {
    const path = (name: string) => join(unpacked, join('/', name))
    const [{ Config, Layers }] = await readJson(path('manifest.json'), savedImages)
    const contents = (await readJson(path(Config), imageConfig)).rootfs.diff_ids
    const config = await readBytes(path(Config))
    const layers: Part[] = []
    for (const [index, content] of contents.entries()) {
      signal.throwIfAborted()
      const layer = path(Layers[index] ?? '')
      layers.push((await known(content)) ?? (await pack(layer, content, signal)))
    }
    const manifest = {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: await store.put(config),
        size: config.length,
      },
      layers,
    }
    return store.put(Buffer.from(JSON.stringify(manifest)))
  }

  return {
    /**
     * Takes up the one image of an archive that `unpack` puts into a folder: the digest of its manifest. Throws if it is no
     * such archive. The folder is beside the store, for it may need gigabytes, and is gone afterwards.
     */
    take: async (
      unpack: (folder: string) => Promise<void>,
      signal: AbortSignal,
    ): Promise<string> => {
      await sweep(join(folder, 'archives'))
      const unpacked = join(folder, 'archives', randomUUID())
      await mkdir(unpacked, { recursive: true, mode: 0o700 })
      try {
        await unpack(unpacked)
        return await put(unpacked, signal)
      } finally {
        await removePath(unpacked)
      }
    },
  }
}

/** What a program that was ended has left: none takes as long as this. */
const leftMs = 2 * 3600 * 1000

const sweep = async (folder: string) => {
  for (const name of await namesIn(folder)) {
    const found = await statOf(join(folder, name))
    if (found && Date.now() - found.mtimeMs > leftMs) await removePath(join(folder, name))
  }
}

const readJson = async <T>(path: string, shape: z.ZodType<T>): Promise<T> => {
  const value: unknown = JSON.parse((await readText(path)) ?? 'null')
  const { success, data } = shape.safeParse(value)
  if (!success) throw new Error(`${path} is not what docker save writes`)
  return data
}

export type Archives = ReturnType<typeof openArchives>
