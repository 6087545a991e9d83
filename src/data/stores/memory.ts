import { createHash } from 'node:crypto'
import { createExclusive, readBytes } from '../../io/host/files/durable.ts'
import { type FaultKind, StoreFault } from '../../io/fault.ts'
import type { Store } from '../store.ts'
import { told } from './told.ts'

/** A store in memory, for tests of what uses one: its files can be damaged and it can be made to fail. */
export const memoryStore = (name = 'memory') => {
  const files = new Map<string, Buffer>()
  const trouble: { kind: FaultKind | null } = { kind: null }
  const fail = () => {
    if (trouble.kind !== null) throw new StoreFault(trouble.kind, 'as the test asked')
  }
  const store: Store = {
    put: async (path, file, { bytes, sha256 }) => {
      fail()
      const content = await readBytes(file)
      if (content.length !== bytes || sha256Of(content) !== sha256)
        throw new StoreFault('damaged', 'what was read back is not what was sent')
      files.set(path, content)
    },
    get: async (path, file) => {
      fail()
      const content = files.get(path)
      if (!content) throw new StoreFault('no-file', path)
      if (!(await createExclusive(file, content))) throw new Error(`${file} exists`)
      return { bytes: content.length, sha256: sha256Of(content) }
    },
    list: async (folder) => {
      fail()
      return [...files]
        .filter(([path]) => folder === '' || path.startsWith(`${folder}/`))
        .map(([path, { length: bytes }]) => ({ name: path, bytes }))
        .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    },
    remove: async (path) => {
      fail()
      files.delete(path)
    },
    sweep: async () => fail(),
    close: async () => undefined,
  }
  return { store: told(store, { kind: 'local', name, folder: '/memory' }), files, trouble }
}

const sha256Of = (content: Buffer) => createHash('sha256').update(content).digest('hex')
