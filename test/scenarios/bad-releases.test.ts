import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Traffic } from '../../src/lab/traffic/traffic.ts'
import { down, type Vps } from '../../src/lab/vps.ts'
import { problemIn, zarpe, zarpeOk } from '../lab/cli.ts'
import { figure } from '../lab/figures.ts'
import { type Inventory, inventoryOf } from '../lab/inventory.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'
import { expectAllAnswered, steadyTraffic } from '../lab/steady.ts'

// One of three services is bad, in each of the ways a service can be. The release before it serves
// every request throughout, the command says what was wrong, and nothing is left over.

const server = 'bad-releases'
const domain = 'bad.example'
/** healthy_within, watch, and 10 s beside them. */
const deadlineMs = 10_000 + 6_000 + 10_000
/** Building and connecting come before the deadline begins. */
const prepareMs = 20_000

let vps: Vps
let project: Project
let before: Inventory
let current: unknown
let traffic: Traffic
const options = () => ({ folder: project.folder, server })

beforeAll(async () => {
  vps = await readyServer(server)
  project = await projectFrom('trio', 'bad', domain)
  const settings = project.read('zarpe.yml').replace('healthy_within: 30s', 'healthy_within: 10s')
  project.write('zarpe.yml', settings.replace('watch: 1s', 'watch: 6s'))
  await pointTo(vps, [domain])
  await zarpeOk(['deploy'], options())
  current = (await zarpeOk(['status'], options())).events[0]!['release']
})

afterAll(async () => {
  project?.remove()
  if (!process.env['ZARPE_KEEP']) await down(server)
})

beforeEach(async () => {
  before = await settled()
  traffic = await steadyTraffic(vps, domain)
})

afterEach(async () => {
  project.write('.env.production', '')
  expectAllAnswered(await traffic.stop())
  await expect.poll(() => inventoryOf(server), { timeout: 20_000 }).toEqual(before)
  const status = await zarpe(['status'], options())
  expect(status.events[0], status.stdout).toMatchObject({ ok: true, release: current })
})

/** Swarm removes containers that have ended, such as a migration's, a moment later. */
const settled = async () => {
  const isOld = (name: string) => name.includes('_migrate-')
  await expect
    .poll(async () => (await inventoryOf(server)).containers.filter(isOld), { timeout: 20_000 })
    .toEqual([])
  return inventoryOf(server)
}

type Bad = {
  name: string
  /** Lines of the environment's file that make the service bad. */
  values: string
  code: string
  detail: RegExp
  /** The last lines printed, or the engine's own words. */
  evidence: RegExp | null
  fix: RegExp
  /** What the first of the commands given as a way on shows. */
  printed?: RegExp
}

/** Runs a command of Zarpe's own advice. */
const said = async (command: string) =>
  (await zarpeOk(command.split(' ').slice(1), options())).stdout

const kinds: Bad[] = [
  {
    name: 'a service that never becomes healthy',
    values: 'WEB_MODE=never-healthy',
    code: 'release/not-healthy',
    detail: /"web": .*(health check kept failing|not healthy within 10 s)/,
    evidence: /not ready yet[^]*waiting for a database that is not there/,
    printed: /waiting for a database that is not there/,
    fix: /^zarpe logs web --release \d+$/,
  },
  {
    name: 'a service that crashes 5 s after it became healthy',
    values: 'WORKER_MODE=crash-after-5000',
    code: 'release/not-healthy',
    detail: /"worker": it exited with 3/,
    evidence: /lost its mind, as told/,
    printed: /lost its mind, as told/,
    fix: /^zarpe logs worker --release \d+$/,
  },
  {
    name: 'an image of which no registry knows the name',
    values: 'STORE_IMAGE=node:no-such-tag',
    code: 'image/not-found',
    detail: /"store" wants node:no-such-tag/,
    evidence: null,
    fix: /docker manifest inspect node:no-such-tag/,
  },
  {
    name: 'an image that cannot be pulled',
    values: `STORE_IMAGE=node@sha256:${'0'.repeat(64)}`,
    code: 'image/not-pulled',
    detail: /could not pull node@sha256:0{64}/,
    evidence: null,
    fix: /docker manifest inspect/,
  },
  {
    name: 'a migration that fails',
    values: 'MIGRATION=fails',
    code: 'release/migration-failed',
    detail: /it exited with 1/,
    evidence: /relation "orders" does not exist/,
    printed: /relation .*orders.* does not exist/,
    fix: /^zarpe logs web --release \d+$/,
  },
  {
    name: 'a migration that has done half of its work when it fails',
    values: 'MIGRATION=half',
    code: 'release/migration-failed',
    detail: /it exited with 1/,
    evidence: /column "note" of relation "orders" already exists/,
    printed: /already exists/,
    fix: /^zarpe logs web --release \d+$/,
  },
  {
    name: 'a migration that cannot reach its database',
    values: 'MIGRATION=no-database',
    code: 'release/migration-failed',
    detail: /it exited with 1/,
    evidence: /ECONNREFUSED/,
    printed: /ECONNREFUSED/,
    fix: /^zarpe logs web --release \d+$/,
  },
  {
    name: 'a migration that waits for ever',
    values: 'MIGRATION=hangs',
    code: 'release/migration-failed',
    detail: /did not end within 20 s/,
    evidence: /waiting for a lock/,
    printed: /waiting for a lock/,
    fix: /^zarpe logs web --release \d+$/,
  },
  {
    name: 'a service that is healthy, and is not, and is again',
    values: 'WORKER_MODE=flapping\nCHECK_EVERY=1s',
    code: 'release/not-healthy',
    detail: /"worker": .*health check/,
    evidence: /too busy for anybody/,
    printed: /too busy for anybody/,
    fix: /^zarpe logs worker --release \d+$/,
  },
  {
    name: 'a service that no node may run',
    values: 'WORKER_CONSTRAINT=node.labels.disk==fast',
    code: 'release/not-placed',
    detail: /"worker": no suitable node/,
    evidence: null,
    fix: /placement constraints/,
  },
  {
    name: 'a service that needs more memory than it may have',
    values: 'WORKER_MODE=greedy',
    code: 'release/not-healthy',
    detail: /"worker": it was killed .*memory/,
    evidence: /out of memory[^]*eating memory/,
    printed: /eating memory/,
    fix: /^zarpe logs worker --release \d+$/,
  },
]

describe('a bad release leaves the one before serving and nothing of itself', () => {
  it.each(kinds)('$name', async ({ name, values, code, detail, evidence, printed, fix }) => {
    project.write('.env.production', `${values}\n`)
    const result = await zarpe(['deploy'], options())
    const problem = problemIn(result)
    expect(problem.code, result.stdout + result.stderr).toBe(code)
    expect(result.code).toBe(1)
    expect(problem.detail).toMatch(detail)
    expect(problem.fix?.join('\n')).toMatch(fix)
    if (evidence) expect(problem.evidence?.join('\n')).toMatch(evidence)
    if (printed) expect(await said(problem.fix![0]!)).toMatch(printed)
    expect(result.ms).toBeLessThan(deadlineMs + prepareMs)
    figure(name, `told in ${(result.ms / 1000).toFixed(0)} s`)
  })
})
