import { describe, expect, it } from 'vitest'
import { entrancesOf, type Told } from './entrances.ts'
import { readTraefik } from './ways.ts'

const told = (more: Partial<Told>): Told => ({
  ...{ command: [], environment: {}, files: [], ports: [80, 443] },
  ...more,
})
const read = (labels: Record<string, string>, ...traefiks: Told[]) => {
  const all = Object.entries(labels).map(([name, value], index) => ({
    ...{ name: `traefik.${name}`, value },
    place: { file: 'compose.yml', line: index + 1, column: 1 },
  }))
  const { ways, left } = readTraefik(
    [{ service: 'web', labels: all, port: 3000 }],
    entrancesOf(traefiks),
    (text) => text,
  )
  return {
    ways: ways.map(({ domain, path, service, port }) => `${domain}${path} ${service}:${port}`),
    left: left.map(({ what, why }) => `${what}: ${why}`),
  }
}
const rule = { 'http.routers.a.rule': 'Host(`a.example`)' }
const open = { ways: ['a.example/ web:3000'], left: [] }
const guarded = [expect.stringContaining('Zarpe would open it to everybody')]

describe('readTraefik', () => {
  it.each([
    ['no middleware', {}, []],
    ['harmless ones, one in a chain', { 'a.compress': 'true', 'm.chain.middlewares': 'a' }, []],
    ['an entry point that is called as usual', {}, [], 'websecure'],
    [
      'one that is 443 outside',
      {},
      [told({ command: ['--entryPoints.in.address=:8443'], ports: [80, 443, 8443] })],
      'in',
    ],
  ] as [string, Record<string, string>, Told[], string?][])(
    'makes a route with %s',
    (_what, middlewares, traefiks, point) => {
      const named = Object.fromEntries(
        Object.entries(middlewares).map(([name, value]) => [`http.middlewares.${name}`, value]),
      )
      const router = {
        ...(Object.keys(named).length > 0 ? { 'http.routers.a.middlewares': 'm@docker' } : {}),
        ...(point ? { 'http.routers.a.entrypoints': point } : {}),
      }
      expect(read({ ...rule, ...named, ...router }, ...traefiks)).toEqual(open)
    },
  )

  it.each([
    [
      'a password in a chain in a chain',
      {
        'm.chain.middlewares': 'n, m',
        'n.chain.middlewares': 'p@docker',
        'p.basicauth.users': 'x',
      },
    ],
    ['a list of addresses', { 'm.ipAllowList.sourcerange': '10.0.0.0/8' }],
    ['a plugin', { 'm.plugin.crowdsec.enabled': 'true' }],
    ['two of one name', { 'm.basicauth.users': 'x', 'm.compress': 'true' }],
    ['a list of hosts', { 'm.headers.allowedHosts': 'a.example' }],
  ])('leaves a router that has %s', (_what, middlewares) => {
    const labels = Object.fromEntries(
      Object.entries(middlewares).map(([name, value]) => [`http.middlewares.${name}`, value]),
    )
    for (const key of ['http.routers.a.middlewares', 'HTTP.Routers.A.Middlewares'])
      expect(read({ ...rule, ...labels, [key]: 'm' })).toEqual({ ways: [], left: guarded })
  })

  it('asks an entry point for its middlewares, and whoever asks clients for certificates', () => {
    const auth = { 'http.middlewares.auth.basicauth.users': 'x' }
    const traefik = (...words: string[]) => told({ command: words })
    const points = ['--entrypoints.web.address=:80', '--entrypoints.tls.address', ':443']
    const behind = traefik(...points, '--entrypoints.tls.http.middlewares=auth@docker')
    expect(read({ ...rule, ...auth }, behind).left).toEqual(guarded)
    const plain = { ...rule, 'http.routers.a.entrypoints': 'web' }
    expect(read({ ...plain, ...auth }, behind)).toEqual(open)
    expect(read({ ...rule, 'http.routers.a.tls.options': 'mtls@file' }).left).toEqual(guarded)
  })

  it.each([
    ['an argument', told({ command: ['--entrypoints.internal.address=127.0.0.1:8081'] })],
    ['a variable', told({ environment: { TRAEFIK_ENTRYPOINTS_INTERNAL_ADDRESS: ':8081' } })],
    [
      'a file',
      told({
        files: [{ file: 'traefik.yml', text: 'entryPoints: { internal: { address: ":8081" } }' }],
      }),
    ],
    ['nothing', null],
  ])('leaves a router on an entry point that is not public, by %s', (_what, traefik) => {
    const labels = { ...rule, 'http.routers.a.entryPoints': 'internal' }
    const { ways, left } = read(labels, ...(traefik ? [traefik] : []))
    expect(ways).toEqual([])
    expect(left).toEqual([expect.stringContaining('not its entry point internal')])
  })

  it('leaves all when a file is not understood, and what is not enabled', () => {
    const toml = told({ files: [{ file: 'traefik.toml', text: '' }] })
    expect(read(rule, toml).left).toEqual([expect.stringContaining('could not be read')])
    const named = told({ command: ['--providers.docker.exposedByDefault=false'] })
    expect(read(rule, named).ways).toEqual([])
    expect(read({ ...rule, enable: 'true' }, named)).toEqual(open)
    expect(read({ ...rule, Enable: 'False' })).toEqual({ ways: [], left: [] })
  })

  it('leaves what the first version asks a password for', () => {
    const old = { 'frontend.rule': 'Host:a.example' }
    expect(read(old)).toEqual(open)
    expect(read({ ...old, 'frontend.auth.basic.users': 'x' }).left).toEqual(guarded)
    expect(read({ ...old, 'frontend.entryPoints': 'internal' }).ways).toEqual([])
  })
})
