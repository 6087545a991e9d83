import { createHash, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import {
  createExclusive,
  privateFolder,
  readBytes,
  removePath,
  statOf,
  within,
} from '../io/host/files/durable.ts'
import { type ProblemData, problemsOf } from '../problem/problem.ts'
import type { Pace } from '../io/pace.ts'
import type { Store, StoreContext } from './store.ts'

/** A store under test: opened anew each time over the same place, which begins empty. */
export type StoreUnderTest = { open: () => Promise<Store> }

/** What a store is told by a test: no limit but the test's own; what it notes is kept. */
export const contextOf = (signal = new AbortController().signal) => {
  const notes: string[] = []
  const context: StoreContext = { signal, note: (text) => notes.push(text) }
  return { ...context, notes }
}

/** A local file of random bytes, and what a store is told of it. */
export const localFile = async (folder: string, bytes: number) => {
  const content = randomBytes(bytes)
  const file = within(folder, `source-${randomBytes(4).toString('hex')}`)
  await createExclusive(file, content)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { file, content, expect: { bytes, sha256 } }
}

/** The problem that an act ends with, if any; whatever else it throws is thrown. */
export const problemOf = async (act: Promise<unknown>): Promise<ProblemData | undefined> => {
  try {
    await act
    return undefined
  } catch (thrown) {
    const [problem] = problemsOf(thrown)
    if (!problem) throw thrown
    return problem
  }
}

/** The code of the problem that an act ends with. */
export const codeOf = async (act: Promise<unknown>): Promise<string> =>
  (await problemOf(act))?.code ?? 'no problem'

const name = 'shop-production/2026/01/31/main-20260131T030000Z.tar'
const manifest = 'shop-production/2026/01/31/main-20260131T030000Z.json'
const other = 'shop-production/2026/02/01/main-20260201T030000Z.tar'

/** What every driver must do. Large files are of a size that needs several parts or windows. */
export const storeSuite = (under: () => StoreUnderTest, largeBytes = 9_000_001) => {
  const using = async (act: (store: Store, folder: string) => Promise<void>) => {
    const store = await under().open()
    const folder = await privateFolder()
    try {
      await act(store, folder)
    } finally {
      await store.close()
      await removePath(folder)
    }
  }

  it('has nothing in the beginning, and that is no problem', () =>
    using(async (store) => {
      expect(await store.list('', contextOf())).toEqual([])
      expect(await store.list('shop-production', contextOf())).toEqual([])
      await store.remove(name, contextOf())
      await store.sweep(contextOf())
    }))

  it.each([
    ['empty', 0],
    ['small', 1],
    ['large', largeBytes],
  ])('gives back a file that is %s, byte for byte', (_size, bytes) =>
    using(async (store, folder) => {
      const source = await localFile(folder, bytes)
      await store.put(name, source.file, source.expect, contextOf())
      expect(await store.list('', contextOf())).toEqual([{ name, bytes }])
      const back = within(folder, 'back')
      expect(await store.get(name, back, contextOf())).toEqual(source.expect)
      expect((await readBytes(back)).equals(source.content)).toBe(true)
      await store.remove(name, contextOf())
      expect(await store.list('', contextOf())).toEqual([])
    }),
  )

  it('lists what is below a folder, at any depth, sorted', () =>
    using(async (store, folder) => {
      const { file, expect: sent } = await localFile(folder, 3)
      for (const each of [other, name, manifest]) await store.put(each, file, sent, contextOf())
      const names = async (below: string) =>
        (await store.list(below, contextOf())).map((each) => each.name)
      expect(await names('')).toEqual([manifest, name, other])
      expect(await names('shop-production/2026/01')).toEqual([manifest, name])
      expect(await names('shop-production/2026/0')).toEqual([])
      expect(await names('shop')).toEqual([])
      for (const each of [name, manifest, other]) await store.remove(each, contextOf())
      expect(await names('')).toEqual([])
    }))

  it('leaves a file that is there, and replaces one that is another', () =>
    using(async (store, folder) => {
      const first = await localFile(folder, 5_000)
      const second = await localFile(folder, 5_000)
      for (const { file, expect: sent } of [first, first, second])
        await store.put(name, file, sent, contextOf())
      const back = within(folder, 'back')
      expect(await store.get(name, back, contextOf())).toEqual(second.expect)
      expect(await store.list('', contextOf())).toHaveLength(1)
      await store.remove(name, contextOf())
    }))

  it('publishes nothing that is not what was announced', () =>
    using(async (store, folder) => {
      const { file, expect: sent } = await localFile(folder, 70_000)
      const sha256 = createHash('sha256').update('something else').digest('hex')
      expect(await codeOf(store.put(name, file, { ...sent, sha256 }, contextOf()))).toBe(
        'store/damaged',
      )
      expect(await store.list('', contextOf())).toEqual([])
    }))

  it('says that a file is not there, and leaves none behind', () =>
    using(async (store, folder) => {
      const back = within(folder, 'back')
      expect(await codeOf(store.get(name, back, contextOf()))).toBe('store/no-file')
      expect(await statOf(back)).toBe(null)
    }))

  it('overwrites no local file', () =>
    using(async (store, folder) => {
      const { file, content, expect: sent } = await localFile(folder, 10)
      await store.put(name, file, sent, contextOf())
      await expect(store.get(name, file, contextOf())).rejects.toThrow(/exist/i)
      expect((await readBytes(file)).equals(content)).toBe(true)
      await store.remove(name, contextOf())
    }))
}

/** What every driver that can be held to a rate must do; opened so that `sweep` takes what has not rested either. */
export const pacedSuite = (open: (pace: Pace) => Promise<Store>, bytes = 9_000_001) => {
  it('is sent to, and read back from, at a pace; what is fetched comes as fast as it can', async () => {
    let passed = 0
    const store = await open(async (more) => void (passed += more))
    const folder = await privateFolder()
    try {
      const { file, expect: sent } = await localFile(folder, bytes)
      await store.put(other, file, sent, contextOf())
      expect(passed).toBe(2 * bytes)
      await store.get(other, within(folder, 'back'), contextOf())
      expect(passed).toBe(2 * bytes)
      await store.remove(other, contextOf())
    } finally {
      await store.close()
      await removePath(folder)
    }
  })

  it('sends no further once its pace has ended', async () => {
    const controller = new AbortController()
    const store = await open(async (_bytes, signal) => {
      controller.abort()
      signal.throwIfAborted()
    })
    const folder = await privateFolder()
    try {
      const { file, expect: sent } = await localFile(folder, bytes)
      await expect(store.put(other, file, sent, contextOf(controller.signal))).rejects.toThrow()
      expect(await store.list('', contextOf())).toEqual([])
      // It would be taken up by the next try.
      await store.sweep(contextOf())
    } finally {
      await store.close()
      await removePath(folder)
    }
  })
}
