import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openPushed, type Pushed } from './pushed.ts'
import { openStore, type Store } from './store.ts'

let folder: string
let store: Store
let pushed: Pushed
const id = `sha256:${'a'.repeat(64)}`

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-pushed-'))
  store = await openStore(folder)
  pushed = openPushed(store, folder)
})
afterEach(() => rmSync(folder, { recursive: true }))

const put = (content: unknown) =>
  store.put(Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)))

it('an image is known by its digest for as long as all of it is here', async () => {
  expect(await pushed.find(id)).toBeNull()
  const [config, layer] = [await put('config'), await put('layer')]
  const digest = await put({ config: { digest: config }, layers: [{ digest: layer }] })
  await pushed.remember(id, digest)
  expect(await pushed.find(id)).toBe(digest)
  expect(await openPushed(store, folder).find(id)).toBe(digest)
  rmSync(join(folder, 'blobs', layer.slice('sha256:'.length)))
  expect(await pushed.find(id)).toBeNull()
})

it.each([
  ['a list of images', { manifests: [{ digest: id }] }],
  ['no manifest', 'not JSON'],
  ['null', 'null'],
  ['a part without a digest', { config: {}, layers: [] }],
  ['a path for a digest', { config: { digest: '../x' }, layers: [] }],
])('%s is not known', async (_what, content) => {
  await pushed.remember(id, await put(content))
  expect(await pushed.find(id)).toBeNull()
})

it('what is no id of an image leads to no file', async () => {
  await pushed.remember('../../x', id)
  expect(await pushed.find('../../x')).toBeNull()
})
