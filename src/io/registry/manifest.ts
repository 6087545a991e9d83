import { text } from 'node:stream/consumers'
import type { Store } from './store.ts'

/** What a manifest of one image may say; none of it has to be there. */
export type Manifest = {
  mediaType?: unknown
  config?: { digest?: unknown }
  layers?: { digest?: unknown }[]
}

/** A manifest of the store, or nothing in it if it is none. */
export const readManifest = async (store: Store, digest: string): Promise<Manifest> => {
  const content = await text(store.read(digest))
  try {
    const value: unknown = JSON.parse(content)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
