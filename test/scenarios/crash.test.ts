import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Traffic } from '../../src/lab/traffic/traffic.ts'
import { down } from '../../src/lab/vps.ts'
import { problemIn, said } from '../lab/cli.ts'
import { forgetOrders } from '../lab/fault.ts'
import { isSoak } from '../lab/figures.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'
import { expectAllAnswered, steadyTraffic } from '../lab/steady.ts'
import { type Crash, openCrash } from './crash/harness.ts'

// A release is interrupted at each of its steps: the agent dies, the command dies, the connection
// breaks. The app answers every request throughout, the status says what happened, and the next
// plain deploy converges, with nothing left over and each migration run once.

const server = 'crash'
const domain = 'crash.example'

/** The steps of a release that replaces another, as `zarpe plan` names them. */
const steps = [
  'image.pull/web',
  'image.pull/worker',
  'release.open',
  'job.run/crash-production__migrate-rN',
  'service.start/crash-production_web-rN',
  'service.start/crash-production_worker-rN',
  'service.await/crash-production_web-rN',
  'service.await/crash-production_worker-rN',
  'edge.prove/also',
  'release.commit',
  'service.retire/crash-production_web-rN-1',
  'service.retire/crash-production_worker-rN-1',
  'edge.prove/only',
  'service.remove/crash-production_web-rN-2',
  'service.remove/crash-production_worker-rN-2',
  'service.remove/crash-production__migrate-rN',
  'release.forget',
  'image.remove/web',
  'image.remove/worker',
]

type Place = { index: number; moment: 'before' | 'after'; step: string }

const places: Place[] = steps.flatMap((step, index) => [
  { index, moment: 'before' as const, step },
  { index, moment: 'after' as const, step },
])

/**
 * Dying after a step and before the next are nearly the same, and so are two steps that differ only
 * in their service, but for the starts: of those, the last one does for every day.
 */
const everyDay = ({ index, moment, step }: Place) => {
  const [kind] = step.split('/')
  const isLast = steps.findLastIndex((each) => each.split('/')[0] === kind) === index
  return moment === 'after' && (isLast || kind === 'service.start')
}
const at = (...names: string[]) =>
  places.filter(({ moment, step }) => isSoak || names.includes(`${moment} ${step}`))

const waiting = { timeout: 30_000, interval: 500 }
const commit = steps.indexOf('release.commit')

let project: Project
let crash: Crash
let traffic: Traffic
let base: Record<string, string[]>

beforeAll(async () => {
  const vps = await readyServer(server)
  await forgetOrders(server)
  project = await projectFrom('trio', 'crash', domain)
  await pointTo(vps, [domain])
  crash = openCrash(server, 'crash', domain, project)
  for (let count = 0; count < 3; count++) {
    crash.nextVersion()
    const result = await crash.deploy()
    expect(result.code, result.stdout + result.stderr).toBe(0)
  }
  traffic = await steadyTraffic(vps, domain)
})

afterAll(async () => {
  project?.remove()
  if (!process.env['ZARPE_KEEP']) await down(server)
})

describe('a release', () => {
  it('has these steps', async () => {
    // Swarm removes the migration's container a moment after its service.
    const isMigration = (name: string) => name.includes('_migrate-')
    await expect
      .poll(async () => (await crash.inventory())['containers']?.filter(isMigration), waiting)
      .toEqual([])
    base = await crash.inventory()
    crash.nextVersion()
    expect(await crash.planned()).toEqual(steps)
    await crash.expectConverged(base)
  })
})

describe('the agent dies', () => {
  it.each(places.filter((place) => isSoak || everyDay(place)))(
    '$moment $step',
    async ({ index, moment, step }) => {
      const number = crash.current()
      const died = await crash.killAgent(index, moment)
      expect(died.step?.split('/')[0], said(died.result)).toBe(step.split('/')[0])
      expect(problemIn(died.result).code).toBe('ssh/lost')
      const status = await crash.status()
      expect(status.run).toMatchObject({ state: 'interrupted' })
      expect(status.run!.text).toContain(`release ${number + 1} of crash (production)`)
      const counts = index > commit || (index === commit && moment === 'after')
      expect(status.release!.number).toBe(counts ? number + 1 : number)
      expect(await crash.expectConverged(base)).toBe(number + 1)
    },
  )
})

describe('the command dies', () => {
  it.each(at('before image.pull/web', 'before job.run/crash-production__migrate-rN'))(
    '$moment $step',
    async ({ index, moment }) => {
      const { during, result } = await crash.disturb(index, moment, 'command')
      expect(during.run).toMatchObject({ state: 'under-way' })
      expect(result.code).toBe(137)
      // What is not yet on the server can't come from a laptop that is gone.
      await crash.expectSettled(index === 0 || (index === 1 && moment === 'before'))
      await crash.expectConverged(base)
    },
  )
})

describe('the connection breaks', () => {
  it.each(at('after service.start/crash-production_web-rN'))(
    '$moment $step',
    async ({ index, moment }) => {
      const { result } = await crash.disturb(index, moment, 'connection')
      expect(problemIn(result).code).toBe('ssh/lost')
      expect(result.code).toBe(4)
      await crash.expectSettled(index === 0 || (index === 1 && moment === 'before'))
      await crash.expectConverged(base)
    },
  )
})

it('answered every request meanwhile', async () => {
  expectAllAnswered(await traffic.stop())
})
