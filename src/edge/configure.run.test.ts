import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Engine } from '../io/engine/engine.ts'
import { namesIn, writeDurable } from '../io/host/files/durable.ts'
import type { RunContext } from '../plan/runner.ts'
import { runConfigure } from './configure.run.ts'
import { readApps } from './files.run.ts'
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

const apps = () => readApps(place.folder)

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
  runConfigure(place, { project, app }, context)

const blog: EdgeApp = {
  project: 'blog-production',
  routes: [{ domain: 'shop.example', path: '/', service: 'web', port: 3000 }],
  settings: { email: 'ops@shop.example' },
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
    expect(meanwhile).toEqual([{ project: blog.project, routes: [], settings: {}, pending: true }])
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

  it('leaves other apps the settings they had, also where a former version kept one set for all', async () => {
    const { settings, ...former } = blog
    await writeDurable(join(place.folder, 'settings.json'), JSON.stringify(settings))
    await writeDurable(join(place.folder, 'apps', `${blog.project}.json`), JSON.stringify(former))
    expect(await apps()).toEqual([blog])
    const shop: EdgeApp = {
      project: 'shop-production',
      routes: [{ ...blog.routes[0]!, domain: 'other.example' }],
      settings: { acmeDirectory: 'https://acme.example/dir', acmeRoot: 'PEM' },
    }
    await configure(shop.project, shop)
    expect(await apps()).toEqual([blog, shop])
    expect(JSON.parse(served)).toHaveProperty('apps.tls.automation.policies.1.subjects', [
      'shop.example',
    ])
    expect(await namesIn(place.folder)).not.toContain('settings.json')
    await configure(shop.project, null)
    expect(await apps()).toEqual([blog])
  })
})
