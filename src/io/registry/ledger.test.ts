import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openLedger } from './ledger.ts'
import { serveRegistry } from './serve.ts'

const folder = mkdtempSync(join(tmpdir(), 'zarpe-ledger-'))
const file = join(folder, 'layers')
afterAll(() => rmSync(folder, { recursive: true }))

const digestOf = (content: string) => `sha256:${createHash('sha256').update(content).digest('hex')}`

const push = async (port: number, content: string, digest: string) => {
  const base = `http://127.0.0.1:${port}`
  const begun = await fetch(`${base}/v2/shop/web/blobs/uploads/`, { method: 'POST' })
  const location = `${base}${begun.headers.get('location')}`
  await fetch(location, { method: 'PATCH', body: content })
  return (await fetch(`${location}?digest=${digest}`, { method: 'PUT' })).status
}

const sizeAt = async (port: number, digest: string) => {
  const asked = await fetch(`http://127.0.0.1:${port}/v2/shop/web/blobs/${digest}`, {
    method: 'HEAD',
  })
  return asked.status === 200 ? Number(asked.headers.get('content-length')) : asked.status
}

it('remembers the sizes of layers that were pushed at once, and keeps none of their bytes', async () => {
  const registry = await serveRegistry(await openLedger(file))
  const layers = Array.from({ length: 20 }, (_, index) => `${index}`.padEnd(50_000 + index, 'x'))
  const pushed = await Promise.all(
    layers.map((layer) => push(registry.port, layer, digestOf(layer))),
  )
  expect(new Set(pushed)).toEqual(new Set([201]))
  await registry.close()
  expect(statSync(file).size).toBeLessThan(3_000)
  const again = await serveRegistry(await openLedger(file))
  for (const layer of layers) expect(await sizeAt(again.port, digestOf(layer))).toBe(layer.length)
  await again.close()
})

it('does not remember bytes that are not what their digest says', async () => {
  const registry = await serveRegistry(await openLedger(file))
  expect(await push(registry.port, 'torn', digestOf('whole'))).toBe(400)
  expect(await sizeAt(registry.port, digestOf('whole'))).toBe(404)
  expect(readFileSync(file, 'utf8')).not.toContain(digestOf('whole'))
  await registry.close()
})
