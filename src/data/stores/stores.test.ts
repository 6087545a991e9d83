import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { codeOf, contextOf, localFile, pacedSuite, storeSuite } from '../store.suite.ts'
import { memoryStore } from './memory.ts'
import { openStore } from './table.ts'

describe('in memory', () => {
  let memory = memoryStore()
  beforeEach(() => (memory = memoryStore()))
  storeSuite(() => ({ open: async () => memory.store }))

  it('fails as it is told', async () => {
    memory.trouble.kind = 'full'
    expect(await codeOf(memory.store.list('', contextOf()))).toBe('store/full')
  })
})

describe('in a folder of the server', () => {
  let folder = ''
  const open = (options = {}) =>
    openStore({ kind: 'local', name: 'disk', folder: join(folder, 'store') }, options)
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'zarpe-store-'))
    mkdirSync(join(folder, 'store'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  storeSuite(() => ({ open }))
  pacedSuite((pace) => open({ pace, staleMs: 0 }))

  it('is not made: it could hide a disk that is not mounted', async () => {
    rmSync(join(folder, 'store'), { recursive: true })
    const store = await open()
    expect(await codeOf(store.list('', contextOf()))).toBe('store/no-folder')
  })

  it('takes up what an earlier try left, and does not believe it', async () => {
    const store = await open()
    const { file, expect: sent, content } = await localFile(folder, 100_000)
    const incoming = join(folder, 'store', '.incoming')
    // One that is cut by a signal tells by which name it would be taken up.
    const controller = new AbortController()
    const context = { ...contextOf(controller.signal), note: () => controller.abort() }
    await store.put('a/b', file, sent, context).catch(() => undefined)
    const [unfinished = ''] = readdirSync(incoming)
    for (const left of [content.subarray(0, 40_000), Buffer.alloc(40_000)]) {
      writeFileSync(join(incoming, unfinished), left)
      const { notes, ...rest } = contextOf()
      await store.put('a/b', file, sent, rest)
      expect(notes.length).toBeGreaterThan(0)
      expect(await store.get('a/b', join(folder, 'back'), contextOf())).toEqual(sent)
      rmSync(join(folder, 'back'))
      await store.remove('a/b', contextOf())
      expect(readdirSync(incoming)).toEqual([])
    }
  })

  it('lists and removes nothing that is not ours, and sweeps only what has rested', async () => {
    const store = await open()
    mkdirSync(join(folder, 'store', '.incoming'), { recursive: true })
    writeFileSync(join(folder, 'store', '.incoming', 'left'), 'x')
    writeFileSync(join(folder, 'store', 'lost+found'), 'x')
    expect(await store.list('', contextOf())).toEqual([])
    await store.sweep(contextOf())
    expect(readdirSync(join(folder, 'store', '.incoming'))).toEqual(['left'])
    await (await open({ staleMs: 0 })).sweep(contextOf())
    expect(readdirSync(join(folder, 'store'))).toEqual(['lost+found'])
  })

  it('cannot be led elsewhere by a name', async () => {
    const store = await open()
    for (const name of ['../a', '/etc/a', 'a/../b', '.incoming/a', 'a//b', 'a\nb'])
      await expect(store.remove(name, contextOf())).rejects.toThrow('is no name')
  })
})
