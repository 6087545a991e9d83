import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run, runOk } from '../host/processes/process.ts'
import { type Registry, serveRegistry } from './serve.ts'
import { openStore } from './store.ts'

let folder = ''
let registry: Registry
const url = (path: string) => `http://127.0.0.1:${registry.port}${path}`
const digestOf = (content: string) => `sha256:${createHash('sha256').update(content).digest('hex')}`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-registry-'))
  registry = await serveRegistry(await openStore(folder))
})
afterAll(async () => {
  await registry.close()
  rmSync(folder, { recursive: true })
})

const upload = async (parts: string[], digest: string) => {
  const begun = await fetch(url('/v2/shop/web/blobs/uploads/'), { method: 'POST' })
  const location = url(begun.headers.get('location')!)
  for (const body of parts) await fetch(location, { method: 'PATCH', body })
  return fetch(`${location}?digest=${digest}`, { method: 'PUT' })
}

describe('the registry on the laptop', () => {
  it('takes a blob in parts and gives it back byte for byte', async () => {
    const digest = digestOf('one two')
    expect((await fetch(url(`/v2/shop/web/blobs/${digest}`), { method: 'HEAD' })).status).toBe(404)
    expect((await upload(['one ', 'two'], digest)).status).toBe(201)
    const again = await fetch(url(`/v2/other/name/blobs/${digest}`))
    expect(await again.text()).toBe('one two')
    expect(registry.bytesServed()).toBe(7)
    const mount = await fetch(url(`/v2/shop/api/blobs/uploads/?mount=${digest}&from=shop/web`), {
      method: 'POST',
    })
    expect(mount.status).toBe(201)
  })

  it('keeps nothing of an upload that is not what its digest says', async () => {
    const digest = digestOf('whole')
    expect((await upload(['who'], digest)).status).toBe(400)
    expect((await fetch(url(`/v2/shop/web/blobs/${digest}`))).status).toBe(404)
    expect(readdirSync(join(folder, 'uploads'))).toEqual([])
  })

  it('answers for a manifest by its tag and by its digest', async () => {
    const manifest = '{"schemaVersion":2}'
    const type = 'application/vnd.oci.image.manifest.v1+json'
    await fetch(url('/v2/shop/web/manifests/latest'), {
      method: 'PUT',
      body: manifest,
      headers: { 'content-type': type },
    })
    expect(registry.digestOf('shop/web', 'latest')).toBe(digestOf(manifest))
    expect(registry.digestOf('shop/web', 'other')).toBeUndefined()
    for (const reference of ['latest', digestOf(manifest)]) {
      const found = await fetch(url(`/v2/shop/web/manifests/${reference}`))
      expect([found.headers.get('content-type'), await found.text()]).toEqual([type, manifest])
    }
  })

  it.each([
    '/v2/x/blobs/sha256:../../../etc/passwd',
    '/v2/x/blobs/uploads/..%2F..%2Fx',
    '/v2/x/blobs/%2e%2e',
    '/etc/passwd',
  ])('leads to no other file: %s', async (path) => {
    const get = await fetch(url(path))
    expect([400, 404]).toContain(get.status)
    const put = await fetch(url(path), { method: 'PUT', body: 'x' })
    expect(put.status).toBeGreaterThanOrEqual(400)
  })

  it('listens on loopback only', async () => {
    const { stdout } = await run('hostname', ['-I'])
    const outside = stdout.trim().split(' ')[0]
    if (outside) await expect(fetch(`http://${outside}:${registry.port}/v2/`)).rejects.toThrow()
  })
})

const hasEngine = (await run('docker', ['info'], { limitMs: 10_000 }).catch(() => null))?.code === 0

describe.runIf(hasEngine)('the registry and a real engine', () => {
  it('takes a push and serves the pull, and the second push sends nothing', async () => {
    const name = `127.0.0.1:${registry.port}/zarpe-test/image:latest`
    const tar = join(folder, 'image.tar')
    await runOk('tar', ['-cf', tar, '-C', import.meta.dirname, 'serve.ts'])
    await runOk('docker', ['import', tar, name])
    await runOk('docker', ['push', '--quiet', name])
    const digest = registry.digestOf('zarpe-test/image', 'latest')!
    const id = (await runOk('docker', ['image', 'inspect', '--format', '{{.Id}}', name])).stdout
    await runOk('docker', ['push', '--quiet', name])
    expect(registry.digestOf('zarpe-test/image', 'latest')).toBe(digest)
    await runOk('docker', ['image', 'rm', name])
    const pulled = `127.0.0.1:${registry.port}/zarpe-test/image@${digest}`
    await runOk('docker', ['pull', '--quiet', pulled])
    expect(
      (await runOk('docker', ['image', 'inspect', '--format', '{{.Id}}', pulled])).stdout,
    ).toBe(id)
    await runOk('docker', ['image', 'rm', pulled])
  })
})
