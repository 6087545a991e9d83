import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store, StoreSettings } from '../../src/data/store.ts'
import {
  codeOf,
  contextOf,
  localFile,
  pacedSuite,
  problemOf,
  storeSuite,
} from '../../src/data/store.suite.ts'
import { openStore } from '../../src/data/stores/table.ts'
import { s3Bucket } from '../../src/io/s3/bucket.ts'
import { s3Client, type S3Target } from '../../src/io/s3/client.ts'
import {
  limitS3User,
  makeS3User,
  type S3Server,
  type S3User,
  startS3,
  stopS3,
} from '../../src/lab/s3.ts'
import { lineTo } from './stores/line.ts'

// The S3 driver of stores against Ceph's gateway, and everything that goes wrong with it.

const report = (line: string) => console.log(line)
/** The least that S3 takes for a part. */
const partBytes = 5 * 1024 * 1024
const parts = 4
const large = 3 * partBytes + 1_234_567

let folder = ''
let server: S3Server
let stranger: S3User

const at = (more: Partial<S3Target> = {}): S3Target & { kind: 's3'; name: string } => ({
  kind: 's3',
  name: 'bucket',
  endpoint: server.endpoint,
  region: server.region,
  bucket: 'shop-backups',
  prefix: 'onquota/production',
  ...server.owner,
  ...more,
})

const using = async <Value>(
  settings: StoreSettings,
  act: (store: Store) => Promise<Value>,
  options = {},
): Promise<Value> => {
  const store = await openStore(settings, { partBytes, sleep: async () => undefined, ...options })
  try {
    return await act(store)
  } finally {
    await store.close()
  }
}

const makeBucket = (target: S3Target) =>
  s3Client(target).ask({ method: 'PUT' }, AbortSignal.timeout(60_000))

const unfinished = () => s3Bucket(at(), partBytes).unfinished(AbortSignal.timeout(60_000))

const address = () => {
  const { hostname, port } = new URL(server.endpoint)
  return { host: hostname, port: Number(port) }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-stores-'))
  server = await startS3(report)
  stranger = await makeS3User('stranger')
  await makeBucket(at())
})

afterAll(async () => {
  await stopS3()
  rmSync(folder, { recursive: true, force: true })
})

describe('S3', () => {
  storeSuite(() => ({ open: () => openStore(at(), { partBytes }) }), large)
  pacedSuite((pace) => openStore(at(), { partBytes, pace, staleMs: 0 }), large)

  test('what is wrong is named, and no secret is', async () => {
    const wrong: [string, Partial<S3Target>][] = [
      ['store/login-refused', { secretAccessKey: 'not-the-secret' }],
      ['store/login-refused', { accessKeyId: 'nobody' }],
      ['store/forbidden', stranger],
      ['store/no-folder', { bucket: 'no-such-bucket' }],
      ['store/refused', { endpoint: server.endpoint.replace(/\d+$/, '7481') }],
      ['store/name-unknown', { endpoint: 'http://s3.invalid' }],
      ['store/certificate', { endpoint: server.endpoint.replace('http', 'https') }],
    ]
    for (const [code, more] of wrong) {
      const settings = at(more)
      const problem = await problemOf(using(settings, (store) => store.list('', contextOf())))
      expect(problem?.code, JSON.stringify(problem)).toBe(code)
      expect(problem?.detail).toContain('"bucket"')
      expect(problem?.fix.length).toBeGreaterThan(0)
      expect(JSON.stringify(problem)).not.toContain(settings.secretAccessKey)
    }
  })

  test('a used-up quota is named, and nothing is published', async () => {
    const poor = at({ bucket: 'poor-backups', ...(await makeS3User('poor')) })
    await makeBucket(poor)
    await limitS3User('poor', 1_000_000)
    const { file, expect: sent } = await localFile(folder, large)
    const put = using(poor, (store) => store.put('a/full', file, sent, contextOf()))
    expect(await codeOf(put)).toBe('store/full')
    expect(await using(poor, (store) => store.list('', contextOf()))).toEqual([])
  })

  test('what is damaged on its way there is refused, and nothing is published', async () => {
    const { file, expect: sent } = await localFile(folder, 1_000_000)
    const line = await lineTo(address(), {
      spoil: (data, way, before) => {
        if (way === 'up' && before > 100_000) data[0]! ^= 1
      },
    })
    const settings = at({ endpoint: `http://127.0.0.1:${line.port}` })
    const put = using(settings, (store) => store.put('a/up', file, sent, contextOf()))
    expect(await codeOf(put)).toBe('store/damaged')
    line.close()
    expect(await using(at(), (store) => store.list('', contextOf()))).toEqual([])
  })

  test('what does not come back as it was sent is removed', async () => {
    const { file, expect: sent } = await localFile(folder, 1_000_000)
    const line = await lineTo(address(), {
      spoil: (data, way, before) => {
        if (way === 'down' && before > 100_000) data[0]! ^= 1
      },
    })
    const settings = at({ endpoint: `http://127.0.0.1:${line.port}` })
    const put = using(settings, (store) => store.put('a/down', file, sent, contextOf()))
    expect(await codeOf(put)).toBe('store/damaged')
    line.close()
    expect(await using(at(), (store) => store.list('', contextOf()))).toEqual([])
  })

  test('another content or length under the name is found, and replaced by the next put', async () => {
    const source = await localFile(folder, 100_000)
    const bucket = s3Bucket(at(), partBytes)
    const other = join(folder, 'other')
    const transfer = { onBytes: () => undefined, signal: AbortSignal.timeout(60_000) }
    await using(at(), async (store) => {
      for (const bytes of [100_000, 99_999]) {
        writeFileSync(other, randomBytes(bytes))
        await bucket.write('a/rest', other, bytes, transfer)
        const back = join(folder, `rest-${bytes}`)
        const came = await store.get('a/rest', back, contextOf())
        expect(came.bytes).toBe(bytes)
        expect(came.sha256).not.toBe(source.expect.sha256)
        await store.put('a/rest', source.file, source.expect, contextOf())
        expect(await store.get('a/rest', `${back}-again`, contextOf())).toEqual(source.expect)
      }
      await store.remove('a/rest', contextOf())
    })
  })

  test('a part that is lost on its way is sent again', async () => {
    const source = await localFile(folder, large)
    const line = await lineTo(address(), { cutAfter: [2_000_000, 2_000_000] })
    const settings = at({ endpoint: `http://127.0.0.1:${line.port}` })
    await using(settings, (store) => store.put('a/cut', source.file, source.expect, contextOf()))
    expect(line.cuts()).toBeGreaterThan(0)
    line.close()
    await using(at(), async (store) => {
      const back = join(folder, 'cut')
      expect(await store.get('a/cut', back, contextOf())).toEqual(source.expect)
      await store.remove('a/cut', contextOf())
    })
  })

  test('an upload that was broken off shows nothing, and is taken up by part', async () => {
    const source = await localFile(folder, 2 * parts * partBytes)
    const controller = new AbortController()
    const note = () => controller.abort(new Error('enough'))
    const put = using(at(), (store) =>
      store.put('a/off', source.file, source.expect, { signal: controller.signal, note }),
    )
    await expect(put).rejects.toThrow('enough')
    expect(await using(at(), (store) => store.list('', contextOf()))).toEqual([])
    expect(await unfinished()).toHaveLength(1)
    const line = await lineTo(address())
    const settings = at({ endpoint: `http://127.0.0.1:${line.port}` })
    await using(settings, (store) => store.put('a/off', source.file, source.expect, contextOf()))
    expect(line.sentBytes()).toBeLessThan(source.expect.bytes - partBytes / 2)
    line.close()
    expect(await unfinished()).toEqual([])
    await using(at(), (store) => store.remove('a/off', contextOf()))
  })

  test('what nobody takes up is swept once it has rested, and nothing of somebody else', async () => {
    const source = await localFile(folder, parts * partBytes)
    const own = 'shop-production/2026/01/31/main-20260131T030000Z.tar'
    for (const name of [own, 'films/holiday']) {
      const controller = new AbortController()
      const note = () => controller.abort(new Error('enough'))
      const context = { signal: controller.signal, note }
      await using(at(), (store) =>
        store.put(name, source.file, source.expect, context).catch(() => undefined),
      )
    }
    expect(await unfinished()).toHaveLength(2)
    await using(at(), (store) => store.sweep(contextOf()))
    expect(await unfinished()).toHaveLength(2)
    await using(at(), (store) => store.sweep(contextOf()), { staleMs: -60_000 })
    const left = await unfinished()
    expect(left.map(({ name }) => name)).toEqual(['films/holiday'])
    const signal = AbortSignal.timeout(60_000)
    for (const each of left) await s3Bucket(at(), partBytes).abandon(each, signal)
  })
})
