import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Engine } from '../io/engine/engine.ts'
import type { RunContext } from '../plan/runner.ts'
import { runConfigure } from './configure.run.ts'
import { readEdgeFiles } from './files.run.ts'
import type { ConfiguredApp, EdgeApp } from './model.ts'
import { type EdgePlace, standardPlace } from './place.ts'

// Caddy's admin door alone, which takes any configuration and gives it back.

let place: EdgePlace
let caddy: Server
let served = 'null'
/** What becomes of a load: taken, refused, or the line is cut before anybody knows. */
let loads: 'taken' | 'refused' | 'cut'
/** What the files said while Caddy was at it. */
let meanwhile: ConfiguredApp[]

const apps = async () => (await readEdgeFiles(place.folder)).apps

const load = async (text: string, response: ServerResponse) => {
  meanwhile = await apps()
  if (loads === 'cut') return void response.destroy()
  if (loads === 'refused') response.statusCode = 400
  else served = text
  response.end()
}

beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zarpe-edge-'))
  place = { ...standardPlace, folder, locks: join(folder, 'locks') }
  served = 'null'
  loads = 'taken'
  caddy = createServer((request, response) => {
    let text = ''
    request.on('data', (part: Buffer) => (text += part.toString()))
    request.on('end', () => {
      if (request.method === 'POST') void load(text, response)
      else response.end(served)
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
    expect(await apps()).toEqual([blog])
  })

  it('says while Caddy is at it, and when it is cut there, that what is set is not known', async () => {
    await configure(blog.project, blog)
    expect(meanwhile).toEqual([{ project: blog.project, routes: [], pending: true }])
    expect(await apps()).toEqual([blog])

    loads = 'cut'
    const other = { ...blog, routes: [{ ...blog.routes[0]!, path: '/other' }] }
    await expect(configure(blog.project, other)).rejects.toThrow('edge/not-running')
    expect(await apps()).toEqual([{ ...blog, pending: true }])
    await expect(configure(blog.project, null)).rejects.toThrow('edge/not-running')
    expect(await apps()).toEqual([{ ...blog, pending: true }])

    loads = 'taken'
    await configure(blog.project, blog)
    expect(await apps()).toEqual([blog])
    await configure(blog.project, null)
    expect(await apps()).toEqual([])
  })

  it('says what was set before when Caddy refuses what is new', async () => {
    loads = 'refused'
    await expect(configure(blog.project, blog)).rejects.toThrow('edge/config-refused')
    expect(await apps()).toEqual([])
    loads = 'taken'
    await configure(blog.project, blog)
    loads = 'refused'
    const wrong = { ...blog, routes: [] }
    await expect(configure(blog.project, wrong)).rejects.toThrow('edge/config-refused')
    expect(await apps()).toEqual([blog])
  })
})
