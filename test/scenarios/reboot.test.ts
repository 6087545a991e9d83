import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rootCertificate } from '../../src/lab/acme.ts'
import { askHttps } from '../../src/io/caddy/ask.ts'
import { down, inside, kill, restart, start, type Vps } from '../../src/lab/vps.ts'
import { type CliOptions, zarpe, zarpeOk } from '../lab/cli.ts'
import { awaitReached, forgetOrders, order } from '../lab/fault.ts'
import { figure, isSoak } from '../lab/figures.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'

// The server reboots, loses its power, or its engine is restarted or killed: everything comes back
// by itself, the edge included, and answers over HTTPS: in the long form within a minute. Also in mid-release.

const server = 'reboot'
const domain = 'reboot.example'
/** Beside other scenarios a boot takes longer. */
const backWithinMs = isSoak ? 60_000 : 180_000

/** Debian 12 brings an engine that is five years older. */
const isOld = process.env['ZARPE_TEST_DEBIAN'] === '12'

let vps: Vps
let project: Project
let root: string
const options = (): CliOptions => ({ folder: project.folder, server, doors: true })
const status = async () => (await zarpe(['status'], options())).events[0] ?? {}

beforeAll(async () => {
  vps = await readyServer(server, isOld ? 'debian-12' : 'debian-13-docker')
  await forgetOrders(server)
  project = await projectFrom('trio', 'reboot', domain)
  root = await rootCertificate()
  await pointTo(vps, [domain])
  await zarpeOk(['deploy'], options())
})

afterAll(async () => {
  project?.remove()
  if (!process.env['ZARPE_KEEP']) await down(server)
})

/** What a browser outside gets, or why it gets nothing. */
const asked = async (): Promise<string> => {
  const { address } = vps
  const question = { address, port: 443, domain, path: '/', headers: {}, roots: root }
  const reply = await askHttps({ ...question, limitMs: 5_000 })
  return 'failed' in reply ? `${reply.failed}: ${reply.text}` : String(reply.status)
}

const within = { timeout: backWithinMs, interval: 500 }

/** Nobody gives a command: the question and the status only look. */
const expectBack = async () => {
  await expect.poll(asked, within).toBe('200')
  await expect.poll(status, within).toMatchObject({ ok: true, edge: 'running', strays: [] })
}

/** Systemd gives up on an engine that is restarted three times in a minute, as only tests do. */
const pardonEngine = () => inside(server, ['systemctl', 'reset-failed', 'docker'])

describe('all is back without a command', () => {
  it('after a reboot', async () => {
    await restart(server)
    await expectBack()
  })

  it('after a power cut', async () => {
    await kill(server)
    await start(server)
    await expectBack()
  })

  it('after a restart of the engine', async () => {
    await pardonEngine()
    await inside(server, ['systemctl', 'restart', 'docker'])
    await expectBack()
  })

  it('after the engine was killed', async () => {
    await pardonEngine()
    const id = (await inside(server, ['pidof', 'dockerd'])).stdout.trim()
    expect(id).toMatch(/^\d+$/)
    await inside(server, ['kill', '-KILL', id])
    const now = async () => (await inside(server, ['pidof', 'dockerd'])).stdout.trim()
    await expect.poll(now, within).toMatch(new RegExp(`^(?!${id}$)\\d+$`))
    await expectBack()
  })
})

it('an engine that stood still for 40 s goes on with the same tasks', async () => {
  const format = ['docker', 'ps', '--filter', 'name=reboot-production_', '--format', '{{.ID}}']
  const tasks = async () => (await inside(server, format)).stdout.split('\n').toSorted()
  const before = await tasks()
  const id = (await inside(server, ['pidof', 'dockerd'])).stdout.trim()
  await inside(server, ['kill', '-STOP', id])
  await sleep(40_000)
  await inside(server, ['kill', '-CONT', id])
  // Swarm replaces what it has given up within seconds.
  await sleep(15_000)
  expect(before.length).toBeGreaterThan(3)
  expect(await tasks()).toEqual(before)
  await expectBack()
})

/** A new release is held at a step while the power is cut; the app itself must come back. */
const cutAt = async (version: string, step: number) => {
  project.version(version)
  await order(server, `wait before ${step}`)
  const running = zarpe(['deploy'], options())
  const reached = await awaitReached(server)
  await kill(server)
  await start(server)
  await running
  await forgetOrders(server)
  await expect.poll(asked, within).toBe('200')
  return reached
}

const converge = async () => {
  await zarpeOk(['deploy'], options())
  await expectBack()
  const records = (await zarpeOk(['releases'], options())).events
  expect(records.filter(({ state }) => state === 'current')).toHaveLength(1)
  expect(records.filter(({ state }) => state === 'starting')).toEqual([])
}

/** The power goes at moments that nobody has chosen, of a release that lasts about a quarter of a minute. */
const randomCuts = isSoak ? 10 : 1
const cutWithinMs = 15_000

it(`the power goes at ${randomCuts} random moments of a release: what counted serves again by itself`, async () => {
  const seed = Number(process.env['ZARPE_SOAK_SEED'] ?? Date.now() % 1_000_000)
  const moments = fc.sample(fc.integer({ min: 0, max: cutWithinMs }), { numRuns: randomCuts, seed })
  const backMs: number[] = []
  for (const [cut, afterMs] of moments.entries()) {
    project.version(`8.${cut}`)
    const running = zarpe(['deploy'], options())
    await sleep(afterMs)
    await kill(server)
    await start(server)
    const booted = Date.now()
    await running
    await expect.poll(asked, { ...within, message: `${afterMs} ms, seed ${seed}` }).toBe('200')
    backMs.push(Date.now() - booted)
    await converge()
  }
  const worst = (Math.max(...backMs) / 1000).toFixed(0)
  figure(
    'the power goes at random moments of a release',
    `${randomCuts} of ${randomCuts} times it serves again, at worst ${worst} s after boot, and converges; seed ${seed}`,
  )
})

describe('a power cut in mid-release', () => {
  it.each([
    { step: 3, kind: 'job.run' },
    { step: 7, kind: 'service.await' },
    { step: 10, kind: 'service.retire' },
  ])('before $kind: what counted serves, and the next deploy converges', async ({ step, kind }) => {
    expect(await cutAt(`9.${step}`, step)).toContain(kind)
    expect((await status())['run']).toMatchObject({ state: 'interrupted' })
    await converge()
  })

  it('while the migration runs: the next deploy runs it again, from its beginning', async () => {
    project.write('.env.production', 'MIGRATION=slow\n')
    const running = zarpe(['deploy'], options())
    const job = ['docker', 'ps', '--quiet', '--filter', 'name=_migrate-']
    await expect.poll(async () => (await inside(server, job)).stdout, within).toMatch(/^\w+$/m)
    await kill(server)
    await start(server)
    await running
    await expect.poll(asked, within).toBe('200')
    await converge()
    const { release } = (await status()) as { release: { number: number } }
    const path = '/var/lib/docker/volumes/reboot-production_data/_data/migrations'
    const ran = (await inside(server, ['cat', path])).stdout.split('\n')
    expect(ran.filter((line) => line === String(release.number))).toHaveLength(1)
  })
})
