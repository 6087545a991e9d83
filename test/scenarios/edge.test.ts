import { connect } from 'node:tls'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import type { EdgeApp, EdgeSettings } from '../../src/edge/model.ts'
import {
  acme,
  directoryCertificate,
  ensureAcme,
  rootCertificate,
  setDns,
} from '../../src/lab/acme.ts'
import { startTraffic } from '../../src/lab/traffic/traffic.ts'
import type { TrafficInput } from '../../src/lab/traffic/model.ts'
import { down, restart, up } from '../../src/lab/vps.ts'
import { expectAllAnswered } from '../lab/steady.ts'
import { act, actOk, ship, sshOk } from './edge/harness.ts'
import { prepareSwarm, retireRelease, startMirror, startRelease } from './edge/services.ts'
import { ask, askPlain } from '../lab/ask.ts'

const server = 'edge1'
const project = 'hello-production'
const other = 'other-production'
const domain = 'hello.example'
const otherDomain = 'other.example'
const route = { domain, path: '/', service: 'web', port: 3000 }
const api = { domain, path: '/api/v1', service: 'api', port: 8000 }
const app = { project, routes: [route, api] }
type Ways = Omit<EdgeApp, 'settings'>
const report = (line: string) => console.log(line)

let address = ''
let roots = ''
let settings: EdgeSettings = {}

const traffic = (input: Partial<TrafficInput> = {}) =>
  startTraffic({ url: `https://${domain}`, address, ca: roots, ...input })

/** Sets an app's routes, or with null removes it. */
const configure = (of: string, ways: Ways | null, own = settings) =>
  act(server, 'edge.configure', { project: of, app: ways && { ...ways, settings: own } })
const configureOk: typeof configure = async (...given) => {
  const answer = await configure(...given)
  if (answer.problem) throw new Error(JSON.stringify(answer.problem, null, 2))
  return answer
}

beforeAll(async () => {
  await ensureAcme(report)
  await down(server)
  address = (await up({ name: server, image: 'debian-13-docker' }, report)).address
  roots = await rootCertificate()
  settings = {
    email: 'ops@hello.example',
    acmeDirectory: acme.directory,
    acmeRoot: `${await directoryCertificate()}\n${roots}`,
  }
  for (const name of [domain, otherDomain]) await setDns(name, address)
  await ship(server)
  await prepareSwarm(server, address, [project, other])
  await startRelease(server, project, 1)
  await startMirror(server, project)
}, 300_000)

describe('the edge', () => {
  test('names the program that holds its port', async () => {
    const listen = `require("net").createServer().listen(80)`
    await sshOk(server, `nohup /root/node -e '${listen}' >/dev/null 2>&1 & echo $! > /tmp/taker`)
    const { problem } = await act(server, 'edge.start', { image: 'caddy:2' }, 180_000)
    await sshOk(server, 'kill "$(cat /tmp/taker)"')
    expect(problem?.code).toBe('edge/port-taken')
    expect(problem?.detail).toContain('"node"')
  }, 200_000)

  test('starts, gets a certificate, and says who answers', async () => {
    await actOk(server, 'edge.start', { image: 'caddy:2' }, 180_000)
    await actOk(server, 'edge.attach', { network: project })
    await configureOk(project, app)
    const expected = [`${project}_web-r1`]
    const params = { project, routes: [route], expect: expected, exclusive: true }
    const apiName = [`${project}_api-r1`]
    await actOk(server, 'edge.prove', { ...params, routes: [api], expect: apiName })
    const { observed } = await actOk(server, 'edge.prove', params, 60_000)
    expect(observed.running).toBe(true)
    expect(observed.networks).toEqual([project])
    expect(observed.apps).toEqual([{ ...app, settings }])
    expect(observed.certificates.map((each) => each.domain)).toEqual([domain])
    expect((await ask(address, domain, '/', roots)).headers['x-release']).toBe('1')
  }, 300_000)

  test('does each step again without doing anything', async () => {
    const before = await sshOk(
      server,
      `docker inspect -f '{{.Id}} {{.State.StartedAt}}' zarpe-edge`,
    )
    await actOk(server, 'edge.start', { image: 'caddy:2' })
    await actOk(server, 'edge.attach', { network: project })
    const { notes } = await configureOk(project, app)
    expect(notes).toEqual(['Caddy serves this already'])
    const after = await sshOk(server, `docker inspect -f '{{.Id}} {{.State.StartedAt}}' zarpe-edge`)
    expect(after).toBe(before)
  })

  test('leads each path to its service, the longest first', async () => {
    const seen = async (path: string) => (await ask(address, domain, path, roots)).body
    expect(JSON.parse(await seen('/api/v1'))).toMatchObject({ url: '/api/v1' })
    expect(JSON.parse(await seen('/api/v1/users?a=b'))).toMatchObject({ url: '/api/v1/users?a=b' })
    expect(await seen('/')).toContain('Hello')
    expect(await seen('/api/v10')).toContain('There is nothing here')
    const plain = await fetch(`http://${address}/x?y=z`, { redirect: 'manual' })
    expect(plain.status).toBe(404)
  })

  test('lets nobody pretend to be somebody else', async () => {
    const lies = {
      'x-real-ip': '10.9.9.9',
      'x-forwarded-for': '10.9.9.9',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'liar.example',
      forwarded: 'for=10.9.9.9',
      'x-zarpe-probe': 'a guess',
    }
    const answer = await ask(address, domain, '/api/v1', roots, lies)
    const { headers } = JSON.parse(answer.body) as { headers: Record<string, string> }
    expect(JSON.stringify(headers)).not.toMatch(/10\.9\.9\.9|liar|a guess/)
    expect(headers).toMatchObject({ 'x-forwarded-proto': 'https', 'x-forwarded-host': domain })
    expect(headers['x-real-ip']).toBe(headers['x-forwarded-for'])
    expect(answer.headers['x-zarpe-upstream']).toBeUndefined()
  })

  test('sends plain HTTP to HTTPS and packs what it sends', async () => {
    const plain = await askPlain(address, domain, '/a?b=c')
    expect(plain).toEqual({ status: 308, location: `https://${domain}/a?b=c` })
    const packed = await ask(address, domain, '/api/v1', roots, { 'accept-encoding': 'gzip' })
    expect(packed.headers['content-encoding']).toBe('gzip')
  })

  test('answers a stranger with nothing', async () => {
    const shown = await new Promise((resolve) => {
      const socket = connect({ host: address, port: 443, servername: 'stranger.example' })
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      socket.on('secureConnect', () => resolve(socket.getPeerCertificate()))
    })
    expect(shown).toMatch(/^ERR_SSL/)
    const plain = await fetch(`http://${address}/`)
    expect(plain.status).toBe(404)
  })

  test('proves only what is true', async () => {
    const params = { project, routes: [route], expect: [`${project}_web-r9`], exclusive: false }
    const { problem } = await act(server, 'edge.prove', params, 3_000)
    expect(problem?.code).toBe('edge/wrong-answer')
    expect(problem?.detail).toContain(`answered by ${project}_web-r1; expected ${project}_web-r9`)
  })

  test('keeps the old routes when Caddy refuses the new', async () => {
    const wrong = { ...settings, acmeRoot: 'not a certificate' }
    const { problem, observed } = await configure(
      other,
      { project: other, routes: [{ ...route, domain: otherDomain }] },
      wrong,
    )
    expect(problem?.code).toBe('edge/config-refused')
    expect(observed.apps).toEqual([{ ...app, settings }])
    expect((await ask(address, domain, '/', roots)).status).toBe(200)
  })

  test('gives nobody a route that another app has', async () => {
    const { problem, observed } = await configure(other, { project: other, routes: [route] })
    expect(problem?.code).toBe('edge/route-taken')
    expect(observed.apps).toEqual([{ ...app, settings }])
  })

  test('gets the certificates of each app from where that wants them', async () => {
    const second = { project: other, routes: [{ ...route, domain: otherDomain }] }
    const elsewhere = { acmeDirectory: 'https://acme.invalid/directory' }
    await configureOk(other, second, elsewhere)
    const running = JSON.parse(await sshOk(server, 'cat /var/lib/zarpe/edge/caddy.json')) as object
    expect(running).toMatchObject({
      apps: {
        tls: {
          automation: {
            policies: [
              { subjects: [domain], issuers: [{ ca: acme.directory }] },
              { subjects: [otherDomain], issuers: [{ ca: elsewhere.acmeDirectory }] },
            ],
          },
        },
      },
    })
    expect((await ask(address, domain, '/', roots)).status).toBe(200)
    await configureOk(other, null)
  }, 60_000)

  test('says why there is no certificate', async () => {
    const bad = { ...route, domain: 'nowhere.example' }
    await setDns('nowhere.example', '10.77.0.250')
    await configureOk(other, { project: other, routes: [bad] })
    const params = { project: other, routes: [bad], expect: ['x'], exclusive: false }
    const { problem } = await act(server, 'edge.prove', params, 25_000)
    expect(problem?.code).toBe('edge/no-certificate')
    expect(problem?.detail).toContain('nowhere.example')
    await configureOk(other, null)
  }, 90_000)
})

describe('under traffic', () => {
  test('a release of the app loses nothing', async () => {
    const load = await traffic()
    await sleep(2_000)
    const name = await startRelease(server, project, 2)
    const params = { project, routes: [route], expect: [name], exclusive: false }
    await actOk(server, 'edge.prove', params)
    await retireRelease(server, `${project}_web-r1`)
    await actOk(server, 'edge.prove', { ...params, exclusive: true })
    await sleep(12_000)
    const seen = await load.stop()
    expectAllAnswered(seen)
    expect(seen.releases['2']!.answers).toBeGreaterThan(100)
    expect(seen.webSockets.failed + seen.eventStreams.failed + seen.eventStreams.cut).toBe(0)
    expect(seen.webSockets.closes['1006']).toBeUndefined()
  }, 120_000)

  test('adding and removing another app 10 times loses nothing', async () => {
    await startRelease(server, other, 1)
    await actOk(server, 'edge.attach', { network: other })
    const second = { project: other, routes: [{ ...route, domain: otherDomain }] }
    const load = await traffic()
    await sleep(2_000)
    for (let round = 0; round < 5; round++) {
      await configureOk(other, second)
      await configureOk(other, null)
    }
    await sleep(2_000)
    const seen = await load.stop()
    expectAllAnswered(seen)
    expect(seen.webSockets.failed + seen.eventStreams.failed).toBe(0)
    expect(seen.webSockets.closes).toEqual({})
    expect(seen.eventStreams.cut).toBe(0)
  }, 180_000)

  test('a lead that can no longer be given leads nobody to closed listeners', async () => {
    // In the place of nft: one that fails from its nth call on.
    const failFrom = (call: number) =>
      sshOk(
        server,
        `printf '#!/bin/sh\\necho >> /tmp/nft-calls; [ "$(wc -l < /tmp/nft-calls)" -ge ${call} ] && exit 1; exec /usr/sbin/nft "$@"\\n' > /usr/local/sbin/nft; chmod 755 /usr/local/sbin/nft; rm -f /tmp/nft-calls`,
      )
    const second = { project: other, routes: [{ ...route, domain: otherDomain }] }
    const change = (ways: Ways | null) => configure(other, ways)
    const answers = async () => {
      // Longer than a lead lasts that nobody renews, and than the old listeners stay.
      await sleep(7_000)
      return (await ask(address, domain, '/', roots)).status
    }
    try {
      await failFrom(1)
      expect((await change(second)).problem?.code).toBe('edge/not-steered')
      expect(await answers()).toBe(200)
      await failFrom(2)
      expect((await change(second)).problem).toBeNull()
      expect(await answers()).toBe(200)
    } finally {
      await sshOk(server, 'rm -f /usr/local/sbin/nft /tmp/nft-calls')
    }
    await configureOk(other, null)
    expect((await ask(address, domain, '/', roots)).status).toBe(200)
  }, 120_000)

  test('an app that sends no security headers gets the harmless ones, and what the user adds', async () => {
    const csp = "default-src 'self'; report-uri /{csp}"
    const headers = { 'Content-Security-Policy': csp, 'Referrer-Policy': '' }
    const second = { project: other, routes: [{ ...route, domain: otherDomain, headers }] }
    await configureOk(other, second)
    const answer = (await ask(address, otherDomain, '/', roots)).headers
    expect(answer).toMatchObject({
      'strict-transport-security': 'max-age=15768000',
      'x-content-type-options': 'nosniff',
      'content-security-policy': csp,
    })
    expect(answer).not.toHaveProperty('referrer-policy')
    await configureOk(other, null)
  }, 60_000)

  test('an app that is down slows no other, even without DNS', async () => {
    const ghost = { ...route, domain: otherDomain, service: 'ghost' }
    const change = (ways: Ways | null) => configureOk(other, ways)
    await change({ project: other, routes: [ghost] })
    // Without an answer from the server's own DNS, a name that is handed on to it waits for 10 s.
    const rule = 'DOCKER-USER -p udp --dport 53 -j DROP'
    await sshOk(server, `iptables -I ${rule}`)
    const load = await traffic({ ratePerSecond: 100, limitMs: 4_000, webSockets: 0 })
    const browser = { accept: 'text/html,application/xhtml+xml' }
    const [ghostAnswer, ghostPage] = await Promise.all([
      ask(address, otherDomain, '/', roots).catch(() => null),
      ask(address, otherDomain, '/', roots, browser).catch(() => null),
    ])
    const seen = await load.stop()
    await sshOk(server, `iptables -D ${rule}`)
    await change(null)
    expect(ghostAnswer?.status).toBe(503)
    expect(ghostAnswer?.headers).toMatchObject({ 'retry-after': '10', 'cache-control': 'no-store' })
    expect(ghostAnswer?.body).toBe('This site does not answer just now; try again in a moment.\n')
    expect(ghostPage).toMatchObject({ status: 503, headers: { 'retry-after': '10' } })
    expect(ghostPage?.body).toContain('<h1>Back in a moment</h1>')
    expectAllAnswered(seen)
  }, 60_000)

  test('an app that is down has the page of its own for browsers, word for word', async () => {
    const page = String.raw`<!doctype html><style>p { color: red }</style><p title="\}{http.request.host}">Bald zurück</p>`
    const ghost = { ...route, domain: otherDomain, service: 'ghost' }
    // Two apps on one domain, of which one alone has a page.
    const plain = 'edge-plain'
    const own: Ways = { project: other, routes: [ghost], maintenancePage: page }
    const beside: Ways = { project: plain, routes: [{ ...ghost, path: '/plain' }] }
    await configureOk(other, own)
    await configureOk(plain, beside)
    const browser = { accept: 'text/html' }
    const asked = (path: string, headers = browser) =>
      ask(address, otherDomain, path, roots, headers)
    const [shown, toOthers, plainly, alive] = await Promise.all([
      asked('/some/where'),
      asked('/', { accept: 'application/json' }),
      asked('/plain'),
      ask(address, domain, '/', roots, browser),
    ])
    expect(shown).toMatchObject({
      status: 503,
      body: page,
      headers: { 'retry-after': '10', 'content-type': 'text/html; charset=utf-8' },
    })
    expect(toOthers.body).toBe('This site does not answer just now; try again in a moment.\n')
    expect(plainly.body).toContain('<h1>Back in a moment</h1>')
    expect(alive.status).toBe(200)
    for (const each of [other, plain]) await configureOk(each, null)
  }, 60_000)

  test('a restart of the edge and of the server brings back the same', async () => {
    await sshOk(server, 'docker restart zarpe-edge')
    const params = { project, routes: [route], expect: [`${project}_web-r2`], exclusive: true }
    const { observed } = await actOk(server, 'edge.prove', params, 60_000)
    expect(observed.apps).toEqual([{ ...app, settings }])
    const { notes } = await configureOk(project, app)
    expect(notes).toEqual(['Caddy serves this already'])
    await restart(server)
    await actOk(server, 'edge.prove', { ...params, exclusive: false }, 120_000)
    const again = await actOk(server, 'edge.attach', { network: project })
    expect(again.observed.apps).toEqual([{ ...app, settings }])
  }, 300_000)
})
