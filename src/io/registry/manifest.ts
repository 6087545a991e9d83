import type { Store } from './store.ts'

/** What a manifest of one image may say; none of it has to be there. */
export type Manifest = {
  mediaType?: unknown
  config?: { digest?: unknown }
  layers?: { digest?: unknown }[]
}

/** A manifest of the store, or nothing in it if it is none. */
export const readManifest = async (store: Store, digest: string): Promise<Manifest> => {
  const parts: Buffer[] = []
  for await (const part of store.read(digest) as AsyncIterable<Buffer>) parts.push(part)
  try {
    const value: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
