import { createHash, type Hash, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { readText, writeDurable } from '../host/files/durable.ts'
import type { Store } from './store.ts'

const entriesMax = 20_000

/**
 * A store that keeps no content: it checks what is pushed against its digest and remembers the size.
 * An engine learns the digests of what it built by pushing it, and here it pushes to itself; what
 * was pushed before is known by its line in `file` and is not packed again.
 */
export const openLedger = async (file: string): Promise<Store> => {
  const sizes = new Map(await linesOf(file))
  let written = Promise.resolve()
  const uploads = new Map<string, { hash: Hash; size: number }>()
  const found = (id: string) => {
    const upload = uploads.get(id)
    if (!upload) throw new Error('not an upload')
    return upload
  }
  return {
    size: async (digest) => sizes.get(digest) ?? null,
    read: () => Readable.from([]),
    begin: async () => {
      const id = randomUUID()
      uploads.set(id, { hash: createHash('sha256'), size: 0 })
      return id
    },
    append: async (id, source) => {
      const upload = found(id)
      for await (const part of source as AsyncIterable<Buffer>) {
        upload.hash.update(part)
        upload.size += part.length
      }
      return upload.size
    },
    finish: async (id, digest) => {
      const { hash, size } = found(id)
      uploads.delete(id)
      if (`sha256:${hash.digest('hex')}` !== digest) return false
      sizes.set(digest, size)
      // Layers arrive side by side; each write waits for the one before.
      written = written.then(() => writeDurable(file, textOf(sizes)))
      await written
      return true
    },
    // A manifest is answered with its digest and forgotten: nobody pulls from here.
    put: async (content) => `sha256:${createHash('sha256').update(content).digest('hex')}`,
  }
}

/** `<digest> <bytes>` a line. What does not look like it is left out: the layer is packed again. */
const linesOf = async (file: string): Promise<[string, number][]> =>
  ((await readText(file)) ?? '').split('\n').flatMap((line): [string, number][] => {
    const match = /^(sha256:[0-9a-f]{64}) (\d{1,15})$/.exec(line)
    return match ? [[match[1]!, Number(match[2])]] : []
  })

const textOf = (sizes: Map<string, number>) =>
  [...sizes]
    .slice(-entriesMax)
    .map(([digest, size]) => `${digest} ${size}\n`)
    .join('')
