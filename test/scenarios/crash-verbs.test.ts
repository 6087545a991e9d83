import { afterAll, beforeAll, expect, it } from 'vitest'
import { down, inside } from '../../src/lab/vps.ts'
import { problemIn, said, zarpe } from '../lab/cli.ts'
import { forgetOrders, order, reached } from '../lab/fault.ts'
import { figure, isSoak } from '../lab/figures.ts'
import { lines } from '../lab/inventory.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'
import { type Crash, openCrash } from './crash/harness.ts'

// What `crash` asks of a release that replaces another, of the other verbs that change a server: a first
// release with a secret, data to back up and somebody to alert; a rollback; a scaling; a removal. The
// agent dies at each of their steps, and the next plain command converges.

const server = 'crash-verbs'
const app = 'verbs'
const label = `label=zarpe.project=${app}-production`
const domain = 'verbs.example'

let project: Project
let crash: Crash

beforeAll(async () => {
  const vps = await readyServer(server)
  await forgetOrders(server)
  project = await projectFrom('trio', app, domain)
  await pointTo(vps, [domain])
  project.write('.env.production', 'KEY=of-the-worker\nHOOK_URL=http://127.0.0.1:9/nobody\n')
  project.write(
    'compose.yml',
    project
      .read('compose.yml')
      .replace('  worker:\n', '  worker:\n    secrets: [key]\n')
      .replace(/^volumes:$/m, 'secrets: { key: { environment: KEY } }\nvolumes:'),
  )
  const data = 'volumes: { store: { backup: { at: "03:00" } } }'
  const alerts = 'alerts: { to: { chat: { webhook: HOOK_URL } } }'
  project.write('zarpe.yml', `${project.read('zarpe.yml')}${data}\n${alerts}\n`)
  crash = openCrash(server, app, domain, project)
})

afterAll(async () => {
  project?.remove()
  if (!process.env['ZARPE_KEEP']) await down(server)
})

type Moment = 'before' | 'after'

/**
 * Has the agent die at each step of a verb, or after its second one every day: after a step and before the next are
 * nearly the same. `ready` brings the server to where the verb begins, `mend` is what a person does next.
 */
const walk = async (
  argv: string[],
  ready: () => Promise<unknown>,
  mend: () => Promise<unknown>,
): Promise<string[]> => {
  const walked: string[] = []
  const dies = async (moment: Moment, index: number): Promise<boolean> => {
    await ready()
    await order(server, `kill ${moment} ${index}`)
    const result = await zarpe(argv, crash.options)
    const step = await reached(server)
    await forgetOrders(server)
    if (step === null) {
      expect(result.code, said(result)).toBe(0)
      return false
    }
    const place = `${moment} ${step}`
    expect(problemIn(result).code, place).toBe('ssh/lost')
    expect((await crash.status()).run, place).toMatchObject({ state: 'interrupted' })
    await mend().catch((error: unknown) => {
      throw new Error(`${argv[0]}, died ${place}`, { cause: error })
    })
    walked.push(place)
    return true
  }
  if (!isSoak) {
    expect(await dies('after', 1)).toBe(true)
    return walked
  }
  await dies('before', 0)
  for (let index = 0; await dies('after', index);) index++
  return walked
}

const tell = (verb: string, walked: string[]) =>
  figure(`${verb}: the agent dies`, `at ${walked.length} places, ${walked.length} of them converge`)

const deployed = async () => {
  const result = await crash.deploy()
  expect(result.code, said(result)).toBe(0)
}

/** What there is once Swarm has removed the migration's container, a moment after its service. */
const settled = async () => {
  await expect
    .poll(async () => (await crash.inventory())['containers'], { timeout: 30_000, interval: 500 })
    .not.toContain(`${app}-production__migrate-r#.1`)
  return crash.inventory()
}

const nothing = () => Promise.resolve()

/** Nothing of the app is left, its data neither: the next release is its first. */
const nothingThere = async () => {
  const result = await zarpe(['remove'], crash.options)
  // One that died after its last step has left nothing to remove.
  if (result.code !== 0) expect(problemIn(result).code, said(result)).toBe('release/none')
  for (const kind of ['service', 'network', 'secret'])
    expect(await lines(server, [kind, 'ls', '--quiet', '--filter', label]), kind).toEqual([])
  const volumes = await lines(server, ['volume', 'ls', '--quiet', '--filter', `name=^${app}-`])
  for (const volume of volumes)
    await expect
      .poll(async () => (await inside(server, ['docker', 'volume', 'rm', volume])).code, {
        timeout: 30_000,
      })
      .toBe(0)
}

it('a first release', async () => {
  crash.nextVersion()
  await deployed()
  await nothingThere()
  await deployed()
  const base = await settled()
  const walked = await walk(['deploy'], nothingThere, () => crash.expectConverged(base))
  tell('a first release', walked)
})

it('a rollback', async () => {
  for (let count = 0; count < 2; count++) {
    crash.nextVersion()
    await deployed()
  }
  const base = await settled()
  const walked = await walk(['rollback'], nothing, () => crash.expectConverged(base, true))
  tell('a rollback', walked)
})

it('a scaling', async () => {
  await deployed()
  const base = await settled()
  const walked = await walk(['scale', 'web=3'], nothing, () => crash.expectConverged(base, true))
  tell('a scaling', walked)
})

it('a removal', async () => {
  const walked = await walk(['remove'], deployed, nothingThere)
  tell('a removal', walked)
})
