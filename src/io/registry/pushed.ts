import { join } from 'node:path'
import { readText, writeDurable } from '../host/files/durable.ts'
import { type Manifest, readManifest } from './manifest.ts'
import type { Store } from './store.ts'

/**
 * Under which digest an engine has pushed its images, by the ids that it knows them by. What the store still has whole
 * need not be packed and pushed to learn its digest again.
 */
export const openPushed = (store: Store, folder: string) => {
  const fileOf = (id: string) => {
    const hex = /^sha256:([0-9a-f]{64})$/.exec(id)?.[1]
    return hex === undefined ? null : join(folder, 'images', hex)
  }
  return {
    /** Digest of the manifest; null if it was never pushed, or some of it is no longer here. */
    find: async (id: string): Promise<string | null> => {
      const file = fileOf(id)
      const digest = file && (await readText(file))?.trim()
      if (!digest || (await store.size(digest)) === null) return null
      const parts = partsOf(await readManifest(store, digest))
      if (!parts) return null
      const sizes = await Promise.all(parts.map((part) => store.size(part)))
      return sizes.includes(null) ? null : digest
    },
    remember: async (id: string, digest: string): Promise<void> => {
      const file = fileOf(id)
      if (file) await writeDurable(file, `${digest}\n`)
    },
  }
}

export type Pushed = ReturnType<typeof openPushed>

/** The blobs that a manifest names; null if it is not of one image, such as a list of them. */
const partsOf = ({ config, layers }: Manifest): string[] | null => {
  if (!Array.isArray(layers)) return null
  const digests = [config?.digest, ...layers.map((layer) => layer.digest)]
  const isBlob = (digest: unknown) =>
    typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest)
  return digests.every(isBlob) ? (digests as string[]) : null
}
