import { expect, test } from 'vitest'
import { canonical } from '../../plan/fingerprint.ts'
import { type EdgeApp, upstreamName } from '../model.ts'
import { renderCaddy } from './render.ts'
import { steerRules } from './steer.run.ts'

const hello: EdgeApp = {
  project: 'hello-production',
  routes: [
    { domain: 'hello.example', path: '/', service: 'web', port: 3000 },
    { domain: 'hello.example', path: '/api', service: 'old', port: 8000 },
    { domain: 'hello.example', path: '/api/v1', service: 'api', port: 8000 },
  ],
  settings: {},
}
const shop: EdgeApp = {
  project: 'shop-production',
  routes: [{ domain: 'shop.example', path: '/', service: 'web', port: 80 }],
  settings: {},
}
const render = (apps: EdgeApp[], generation: 'odd' | 'even' = 'odd') =>
  renderCaddy({ apps, probeToken: 'secret', generation, folder: '/e' })

test('does not depend on the order of apps and routes', () => {
  const turned = { ...hello, routes: hello.routes.toReversed() }
  expect(canonical(render([shop, turned]))).toBe(canonical(render([hello, shop])))
})

test('gives each app a page of its own, whatever the order, and no brace of it to Caddy', () => {
  const page = String.raw`<style>p { color: red }</style><p title="\}{env.HOME}">Soon</p>`
  const own = { ...hello, maintenancePage: page }
  const other = { ...shop, maintenancePage: 'later' }
  expect(canonical(render([other, own]))).toBe(canonical(render([own, other])))
  const { errors, routes } = render([own, shop]).apps.http.servers.https
  expect(errors.routes).toContainEqual({
    match: [expect.objectContaining({ vars: { zarpe_page_of: ['hello-production'] } })],
    handle: [
      expect.objectContaining({
        body: String.raw`<style>p \{ color: red \}</style><p title="\\}\{env.HOME\}">Soon</p>`,
      }),
    ],
    terminal: true,
  })
  const marked = JSON.stringify(routes).match(/"zarpe_page_of":"[^"]+"/g)
  expect(marked).toEqual(own.routes.map(() => '"zarpe_page_of":"hello-production"'))
})

test('puts the longest path first', () => {
  const names = [
    ...JSON.stringify(render([hello]).apps.http.servers.https).matchAll(/"name":"([^"]+)"/g),
  ]
  expect(names.map((each) => each[1])).toEqual([
    'api_at_hello-production.',
    'old_at_hello-production.',
    'web_at_hello-production.',
  ])
})

test('tells services of one name in two projects apart', () => {
  const text = JSON.stringify(render([hello, shop]))
  expect(text).toContain('"web_at_hello-production."')
  expect(text).toContain('"web_at_shop-production."')
})

test('gives two generations no listener in common, but QUIC', () => {
  const listens = (generation: 'odd' | 'even') => {
    const { http, https } = render([hello], generation).apps.http.servers
    return [...http.listen, ...https.listen]
  }
  expect(listens('odd').filter((each) => listens('even').includes(each))).toEqual([])
  expect(render([hello], 'even').apps.http.servers.http3.listen).toEqual(['0.0.0.0:443'])
})

const policiesOf = (apps: EdgeApp[]) =>
  render(apps).apps.tls?.automation.policies.map(({ subjects, issuers }) => ({
    subjects,
    issuer: issuers[0],
  }))

test('asks for certificates of exactly the domains there are', () => {
  const settings = {
    email: 'ops@hello.example',
    acmeDirectory: 'https://acme.example/dir',
    acmeRoot: 'PEM',
  }
  // One policy for all who have the same settings, as there was when a server had one set of them.
  expect(policiesOf([hello, shop].map((app) => ({ ...app, settings })))).toEqual([
    {
      subjects: ['hello.example', 'shop.example'],
      issuer: {
        module: 'acme',
        ca: 'https://acme.example/dir',
        email: 'ops@hello.example',
        trusted_roots_pem_files: [expect.stringMatching(/^\/e\/acme-root-[0-9a-f]{16}\.pem$/)],
      },
    },
  ])
  expect(policiesOf([])).toBeUndefined()
})

test('gets the certificates of each app by its own settings, in whatever order apps come', () => {
  const own = { ...shop, settings: { acmeDirectory: 'https://acme.example/dir' } }
  const policies = [
    { subjects: ['hello.example'], issuer: { module: 'acme' } },
    { subjects: ['shop.example'], issuer: { module: 'acme', ca: 'https://acme.example/dir' } },
  ]
  expect(policiesOf([hello, own])).toEqual(policies)
  expect(policiesOf([own, hello])).toEqual(policies)
})

test('goes by the shortest path where apps share a domain', () => {
  const blog: EdgeApp = {
    project: 'a-blog',
    routes: [{ domain: 'shop.example', path: '/blog', service: 'web', port: 80 }],
    settings: { email: 'blog@shop.example' },
  }
  for (const apps of [
    [blog, shop],
    [shop, blog],
  ])
    expect(policiesOf(apps)).toEqual([{ subjects: ['shop.example'], issuer: { module: 'acme' } }])
})

test('keeps upstream names within what DNS carries', () => {
  expect(upstreamName('hello-production', 'web')).toBe('web_at_hello-production')
  const long = upstreamName('a'.repeat(60), 'service')
  expect(long.length).toBeLessThanOrEqual(63)
  expect(long).not.toBe(upstreamName('a'.repeat(61), 'service'))
})

test('leads new connections, and only these, to a generation', () => {
  expect(steerRules('even', null).split('\n')).toEqual([
    'add table inet zarpe_edge',
    'add chain inet zarpe_edge prerouting { type nat hook prerouting priority -101; policy accept; }',
    'add map inet zarpe_edge lead { type inet_service : inet_service; flags timeout; }',
    'flush chain inet zarpe_edge prerouting',
    'flush map inet zarpe_edge lead',
    'add element inet zarpe_edge lead { 443 : 9443, 80 : 9080 }',
    'add rule inet zarpe_edge prerouting tcp flags & (fin|syn|rst|ack) == syn redirect to :tcp dport map @lead',
    '',
  ])
})

test('leads for a while only, as long as it is not known who will listen', () => {
  expect(steerRules('odd', 5)).toContain('{ 443 timeout 5s : 8443, 80 timeout 5s : 8080 }')
})
