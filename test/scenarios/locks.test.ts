import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { executePlan } from '../../src/agent/methods.ts'
import { connectAgent } from '../../src/io/ssh/connect.ts'
import { parseTarget } from '../../src/io/ssh/target.ts'
import { sshConfigFile } from '../../src/lab/keys.ts'
import { down, inside } from '../../src/lab/vps.ts'
import { inspectProject } from '../../src/release/methods.ts'
import { planScale } from '../../src/release/scale/scale.plan.ts'
import { type CliOptions, problemIn, zarpe, zarpeOk } from '../lab/cli.ts'
import { awaitReached, forgetOrders, order, relent } from '../lab/fault.ts'
import { figure, isSoak } from '../lab/figures.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'

// One writer at a time: of two that start together one wins and the other is told by whom and since
// when, at once. A dead writer holds nothing; a live one is never put aside, whatever a clock says.

const server = 'locks'
const domain = 'locks.example'
const project = 'locks-production'
const rounds = isSoak ? 50 : 3
const pairs = isSoak ? 50 : 1

let ann: Project
let ben: Project
const as = (who: string, folder: Project): CliOptions => ({
  folder: folder.folder,
  server,
  doors: true,
  env: { ZARPE_BY: `${who}@laptop` },
})
const status = async () => (await zarpe(['status'], as('eve', ann))).events[0]!

beforeAll(async () => {
  const vps = await readyServer(server)
  await forgetOrders(server)
  ann = await projectFrom('trio', 'locks', domain)
  ben = await projectFrom('trio', 'locks', domain)
  await pointTo(vps, [domain])
  await zarpeOk(['deploy'], as('ann', ann))
})

afterAll(async () => {
  ann?.remove()
  ben?.remove()
  if (!process.env['ZARPE_KEEP']) await down(server)
})

/** Starts both, holds the one that wins, and returns when the other has been refused. */
const together = async (annSays: string[], benSays: string[]) => {
  await order(server, 'wait before 0')
  const running = {
    ann: zarpe(annSays, as('ann', ann)),
    ben: zarpe(benSays, as('ben', ben)),
  }
  const named = (who: 'ann' | 'ben') => running[who].then((result) => ({ who, result }))
  // The winner can't end before it is let go: whoever ends first is the loser.
  const loser = await Promise.race([named('ann'), named('ben')])
  const winner = loser.who === 'ann' ? 'ben' : 'ann'
  return {
    loser,
    winner,
    end: async () => {
      await relent(server)
      return running[winner]
    },
  }
}

/** How many tasks of each service there shall be now. */
const counts = async (): Promise<Record<string, number>> => {
  const { services } = (await status()) as { services: { service: string; wanted: number }[] }
  return Object.fromEntries(services.map(({ service, wanted }) => [service, wanted]))
}

describe('two that start together', () => {
  it(`deploys, ${pairs} times: one wins, the other is told by whom and since when, and may come again`, async () => {
    const toldMs: number[] = []
    for (let pair = 0; pair < pairs; pair++) toldMs.push(await bothDeploy(pair))
    const seconds = (Math.max(...toldMs) / 1000).toFixed(1)
    figure(
      'two deploys at once',
      `${pairs} of ${pairs} times one is told, at worst ${seconds} s after it has built`,
    )
  })

  const bothDeploy = async (pair: number): Promise<number> => {
    ann.version(`2.${pair}`)
    ben.version(`3.${pair}`)
    const { loser, winner, end } = await together(['deploy'], ['deploy'])
    const problem = problemIn(loser.result)
    expect(problem.code, loser.result.stdout + loser.result.stderr).toBe('agent/locked')
    expect(loser.result.code).toBe(5)
    expect(problem.detail).toMatch(
      new RegExp(`^${winner}@laptop has been running "zarpe deploy" on ${project} since 20`),
    )
    expect(await status()).toMatchObject({ ok: true, run: { state: 'under-way' } })
    expect((await end()).code).toBe(0)
    // Again it is a pair of new versions; the last of all comes again itself.
    if (pair === pairs - 1) {
      await zarpeOk(['deploy'], loser.who === 'ann' ? as('ann', ann) : as('ben', ben))
      expect(await status()).toMatchObject({ ok: true, run: null })
    }
    const { events, arrivals } = loser.result
    const builtAt = arrivals[events.findIndex(({ type }) => type === 'built')]!
    return arrivals[events.findIndex(({ type }) => type === 'problem')]! - builtAt
  }

  it(`scalings, ${rounds} times over: one wins each time`, async () => {
    for (let round = 0; round < rounds; round++) {
      const { web, worker } = await counts()
      const wishes = [`web=${web === 2 ? 3 : 2}`, `worker=${worker === 1 ? 2 : 1}`] as const
      const { loser, end } = await together(['scale', wishes[0]], ['scale', wishes[1]])
      expect(problemIn(loser.result).code, loser.result.stdout).toBe('agent/locked')
      expect(loser.result.code).toBe(5)
      expect((await end()).code).toBe(0)
    }
  })
})

describe('the lock', () => {
  it('of a dead writer holds nobody up', async () => {
    ann.version('4')
    await order(server, 'kill after 2')
    expect(problemIn(await zarpe(['deploy'], as('ann', ann))).code).toBe('ssh/lost')
    await forgetOrders(server)
    const left = await inside(server, ['cat', `/run/zarpe/locks/${project}.json`])
    expect(left.stdout, 'the dead writer left its name').toContain('ann@laptop')
    expect(await status()).toMatchObject({ run: { state: 'interrupted' } })
    ben.version('4')
    await zarpeOk(['deploy'], as('ben', ben))
    expect(await status()).toMatchObject({ ok: true, run: null })
  })

  it('of a live writer is never taken, however old it says that it is', async () => {
    ann.version('5')
    await order(server, 'wait before 1')
    const running = zarpe(['deploy'], as('ann', ann))
    await awaitReached(server)
    const age = 's/"since":"[^"]*"/"since":"2001-01-01T00:00:00.000Z"/'
    await inside(server, ['sed', '-i', age, `/run/zarpe/locks/${project}.json`])
    const refused = await zarpe(['scale', 'web=1'], as('ben', ben))
    expect(problemIn(refused).code).toBe('agent/locked')
    expect(problemIn(refused).detail).toContain('since 2001-01-01')
    await inside(server, ['rm', `/run/zarpe/locks/${project}.json`])
    const again = await zarpe(['scale', 'web=1'], as('ben', ben))
    expect(problemIn(again).code, 'not even when the file is gone').toBe('agent/locked')
    await relent(server)
    expect((await running).code).toBe(0)
  })
})

it('refuses a plan that was made before somebody else changed the server', async () => {
  process.env['ZARPE_SSH_CONFIG'] = sshConfigFile()
  const connection = await connectAgent(parseTarget(`deploy@${server}`))
  try {
    const asked = { project, references: [], images: [] }
    const { observed } = await connection.wire.call(inspectProject, asked)
    const plan = planScale(observed, {
      replicas: { worker: 5 },
      by: 'ann@laptop',
      at: new Date().toISOString(),
      title: 'locks',
      healthyWithinMs: 15_000,
      keep: 2,
    })
    await zarpeOk(['scale', 'web=1'], as('ben', ben))
    const stale = connection.wire.call(executePlan, { plan, by: 'ann@laptop', shipSocket: null })
    await expect(stale).rejects.toThrow('plan/stale')
  } finally {
    await connection.close()
  }
  expect((await counts())['worker']).not.toBe(5)
})
