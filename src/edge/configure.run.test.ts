import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Engine } from '../io/engine/engine.ts'
import type { RunContext } from '../plan/runner.ts'
import { runConfigure } from './configure.run.ts'
import { readEdgeFiles } from './files.run.ts'
import type { EdgeApp } from './model.ts'
import { type EdgePlace, standardPlace } from './place.ts'

// Caddy's admin door alone, which takes any configuration and gives it back.

let place: EdgePlace
let caddy: Server
let served = 'null'

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zarpe-edge-'))
  place = { ...standardPlace, folder, locks: join(folder, 'locks') }
  served = 'null'
  caddy = createServer((request, response) => {
    let text = ''
    request.on('data', (part: Buffer) => (text += part.toString()))
    request.on('end', () => {
      if (request.method === 'POST') served = text
      response.end(served)
    })
  })
  await new Promise<void>((resolve) => caddy.listen(join(folder, 'admin.sock'), resolve))
})

afterEach(() => {
  caddy.close()
  rmSync(place.folder, { recursive: true })
})

// Without a process there is nobody whose connections could be led.
const engine = { containers: { find: async () => null } } as unknown as Engine
const context = {
  engine,
  signal: new AbortController().signal,
  now: () => 0,
  sleep: async () => undefined,
  note: () => undefined,
} as unknown as RunContext

const configure = (project: string, app: EdgeApp | null) =>
  runConfigure(place, { project, app, settings: {} }, context)

const blog: EdgeApp = {
  project: 'blog-production',
  routes: [{ domain: 'shop.example', path: '/', service: 'web', port: 3000 }],
}

describe('runConfigure', () => {
  it('refuses what another app has, of two that were planned at once, and loads nothing', async () => {
    await configure(blog.project, blog)
    const before = served
    await expect(
      configure('shop-production', { ...blog, project: 'shop-production' }),
    ).rejects.toThrow('edge/route-taken')
    expect(served).toBe(before)
    expect((await readEdgeFiles(place.folder)).apps).toEqual([blog])
  })
})
