import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { z } from 'zod'
import { headOf, readBytes, readText, writeDurable } from '../host/durable.ts'
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

  const pack = async (path: string, content: string): Promise<Part> => {
    const head = (await headOf(path, 4)).toString('hex')
    const packing = packings.find((each) => head.startsWith(each.head))
    const bytes: Readable = createReadStream(path)
    const id = await store.begin()
    await store.append(id, packing ? bytes : bytes.pipe(createGzip()))
    const mediaType = `${layerType}${packing?.suffix ?? '+gzip'}`
    const part = { mediaType, ...(await store.seal(id)) }
    await writeDurable(fileOf(content), `${part.digest} ${mediaType}\n`)
    return part
  }

  return {
    /** Of the one image in an unpacked archive: the digest of its manifest. Throws if it is no such archive. */
    put: async (unpacked: string): Promise<string> => {
      const path = (name: string) => join(unpacked, join('/', name))
      const [{ Config, Layers }] = await readJson(path('manifest.json'), savedImages)
      const contents = (await readJson(path(Config), imageConfig)).rootfs.diff_ids
      const config = await readBytes(path(Config))
      const layers: Part[] = []
      for (const [index, content] of contents.entries())
        layers.push((await known(content)) ?? (await pack(path(Layers[index] ?? ''), content)))
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
    },
  }
}

const readJson = async <T>(path: string, shape: z.ZodType<T>): Promise<T> => {
  const value: unknown = JSON.parse((await readText(path)) ?? 'null')
  const { success, data } = shape.safeParse(value)
  if (!success) throw new Error(`${path} is not what docker save writes`)
  return data
}

export type Archives = ReturnType<typeof openArchives>
