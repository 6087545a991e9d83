import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rootCertificate } from '../../src/lab/acme.ts'
import type { TrafficInput, TrafficReport } from '../../src/lab/traffic/model.ts'
import { edgeNames } from '../../src/edge/model.ts'
import { addresses } from '../../src/lab/network.ts'
import { startTraffic } from '../../src/lab/traffic/traffic.ts'
import { down, inside, type Vps } from '../../src/lab/vps.ts'
import { zarpeOk } from '../lab/cli.ts'
import { figure, isSoak } from '../lab/figures.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'
import { expectAllAnswered } from '../lab/steady.ts'

// No request is lost by releases and rollbacks, whatever the app does when it is told to stop.

const server = 'gapless'
const edge = edgeNames.container
const domains = ['first.example', 'second.example']
const soakOf = (name: string, usual: number) => Number(process.env[name] ?? usual)
const releases = isSoak ? soakOf('ZARPE_SOAK_RELEASES', 20) : 2
const rollbacks = isSoak ? 5 : 1
/** Two cores carry load, proxy, app and laptop at once: the short form asks less of them. */
const ratePerSecond = isSoak ? soakOf('ZARPE_SOAK_RATE', 400) : 150
/** Nothing is kept or shared: each request makes a connection of its own. */
const onlyNew = process.env['ZARPE_SOAK_MIX'] === 'new'
const stillMs = 3_000
const watch = '\nrelease: { watch: 2s, keep: 8 }\n'
let vps: Vps
let project: Project
const options = () => ({ folder: project.folder, server })

beforeAll(async () => {
  vps = await readyServer(server)
  await pointTo(vps, domains)
  project = await projectFrom('hello', 'first', 'first.example')
  project.write('zarpe.yml', `${project.read('zarpe.yml')}${watch}`)
  await zarpeOk(['deploy'], options())
})

afterAll(async () => {
  project.remove()
  if (!process.env['ZARPE_KEEP']) await down(server)
})

const traffic = async (more: Partial<TrafficInput> = {}) =>
  startTraffic({
    url: 'https://first.example',
    address: vps.address,
    ca: await rootCertificate(),
    ratePerSecond,
    slowAtOnce: 20,
    webSockets: 10,
    eventStreams: 10,
    ...(onlyNew ? { mix: { 'get-new': 4, 'post-new': 1 } } : {}),
    ...more,
  })

/**
 * What was lost while `act` went on. A shared machine can stand still for seconds, the generator of
 * the traffic with it: what is lost then says nothing about a release, and it is measured once more.
 */
const underTraffic = async (
  act: () => Promise<void>,
  more: Partial<TrafficInput> = {},
): Promise<TrafficReport> => {
  const report = await measured(act, more)
  if (report.total.failed === 0) return report
  await tellEdgeErrors()
  if (report.scheduleLagMs < stillMs) return report
  console.warn(`The machine stood still for ${report.scheduleLagMs} ms; measured again.`)
  return measured(act, more)
}

/** What the edge has to say of requests that it could not hand on, each reason with how often. */
const tellEdgeErrors = async () => {
  const { stdout, stderr } = await inside(server, ['docker', 'logs', '--since', '15m', edge])
  const errors = `${stdout}${stderr}`
    .split('\n')
    .filter((line) => line.includes('"level":"error"'))
    .map((line) => (JSON.parse(line) as { msg: string }).msg)
  const counts = Map.groupBy(errors, (text) => text)
  for (const [text, each] of counts) console.warn(`edge: ${each.length} × ${text}`)
}

const measured = async (
  act: () => Promise<void>,
  more: Partial<TrafficInput>,
): Promise<TrafficReport> => {
  const running = await traffic(more)
  const ended = await act().then(
    () => null,
    (error: unknown) => ({ error }),
  )
  const report = await running.stop()
  if (ended) throw ended.error
  return report
}

/** The edge has heard somebody of the new release answer. */
const isProven = ({ type, id }: Record<string, unknown>) =>
  type === 'step.done' && String(id).startsWith('edge.prove/')

const releaseAndRollBack = async (name: string) => {
  for (let round = 1; round <= releases; round++) {
    project.version(`${name}.${round}`)
    await zarpeOk(['deploy'], options())
  }
  for (let round = 1; round <= rollbacks; round++) await zarpeOk(['rollback'], options())
}

const expectNothingLost = (
  name: string,
  report: TrafficReport,
  what = `${releases} releases and ${rollbacks} rollbacks`,
) => {
  const { sent, failed } = report.total
  figure(
    `${name}: ${what}`,
    `${failed} of ${sent} requests lost; ${report.idleResets} idle connections resumed, ` +
      `p99 ${report.latencyMs.p99.toFixed(0)} ms, schedule late by ${report.scheduleLagMs.toFixed(0)} ms at worst`,
  )
  expectAllAnswered(report)
  expect(sent).toBeGreaterThan(1_000)
}

describe(`releases and rollbacks under ${ratePerSecond} requests a second`, () => {
  it('lose nothing of an app that stops gracefully, and end its streams politely', async () => {
    const report = await underTraffic(() => releaseAndRollBack('graceful'))
    expectNothingLost('graceful app', report)
    const { webSockets, eventStreams } = report
    expect(webSockets.failed + eventStreams.failed).toBe(0)
    expect(eventStreams.cut, 'no event stream breaks off').toBe(0)
    expect(Object.keys(webSockets.closes).filter((code) => code === '1006')).toEqual([])
    expect(Object.keys(report.releases).length).toBeGreaterThan(releases)
  })

  it('end streams no earlier than the app does, which is told to go last of all', async () => {
    project.version('graceful.streams')
    const running = await traffic({ ratePerSecond: 50 })
    const { events } = await zarpeOk(['deploy'], options())
    const { startedAt, webSockets, eventStreams } = await running.stop()
    const retired = events.find(
      ({ type, id }) => type === 'step.started' && String(id).startsWith('service.retire/'),
    )
    const endsMs = [...webSockets.endsMs, ...eventStreams.endsMs]
    const sinceMs = endsMs.map(
      (ms) => Date.parse(startedAt) + ms - Date.parse(String(retired!['at'])),
    )
    expect(sinceMs).toHaveLength(20)
    // Its DRAIN_MS, after the signal.
    expect(Math.min(...sinceMs)).toBeGreaterThanOrEqual(8_000)
    expect(webSockets.closes).toEqual({ 1001: 10 })
    expect(eventStreams).toMatchObject({ ended: 10, cut: 0, failed: 0 })
  })

  it('cut no request that takes 10 s, and leave nobody of the release before who answers', async () => {
    const rounds = isSoak ? 10 : 1
    const long = { slowAtOnce: 20, paths: { slow: '/slow?ms=10000' }, limitMs: 40_000 }
    const answers: number[] = []
    for (let round = 0; round < rounds; round++) {
      project.version(`graceful.slow.${round}`)
      const act = async () => void (await zarpeOk(['deploy'], options()))
      expectAllAnswered(await underTraffic(act, { ...long, ratePerSecond: 20 }))
      const current = (await zarpeOk(['releases'], options())).events.find(
        ({ state }) => state === 'current',
      )
      const after = await measured(() => sleep(isSoak ? 4_000 : 2_000), {
        slowAtOnce: 0,
        webSockets: 0,
        eventStreams: 0,
      })
      expect(Object.keys(after.releases)).toEqual([String(current!['number'])])
      answers.push(after.total.ok)
    }
    figure(
      '20 requests of 10 s under way in each release',
      `${rounds} of ${rounds} releases cut none; none of ${Math.min(...answers)} answers after a release came from the one before`,
    )
  })

  it('lose nothing when they go back with no registry to be reached', async () => {
    for (const version of ['older', 'newer']) {
      project.version(`registry.${version}`)
      await zarpeOk(['deploy'], options())
    }
    const numbers = (await zarpeOk(['releases'], options())).events
      .filter(({ type, state }) => type === 'release' && state !== 'failed')
      .map(({ number }) => String(number))
    const [older, newer] = numbers.slice(-2)
    const rounds = isSoak ? 10 : 1
    const away = ['OUTPUT', '-d', addresses.mirror, '-j', 'REJECT']
    await inside(server, ['iptables', '-I', ...away])
    try {
      const pulled = await inside(server, ['docker', 'pull', `${addresses.mirror}:5000/x`])
      expect(pulled.stderr).toContain('refused')
      const answeredMs: number[] = []
      const report = await underTraffic(async () => {
        for (let round = 0; round < rounds; round++) {
          const argv = ['rollback', round % 2 === 0 ? older! : newer!]
          const { events, arrivals } = await zarpeOk(argv, options())
          answeredMs.push(arrivals[events.findIndex(isProven)]!)
        }
      })
      expectNothingLost('no registry', report, `${rounds} rollbacks`)
      const worst = (Math.max(...answeredMs) / 1000).toFixed(1)
      figure('no registry: from the command to the first answer, at worst', `${worst} s`)
    } finally {
      await inside(server, ['iptables', '-D', ...away])
    }
  })

  it('lose nothing of an app that ignores SIGTERM', async () => {
    project.write('.env.production', 'MODE=ignore\n')
    await zarpeOk(['deploy'], options())
    expectNothingLost(
      'app that ignores SIGTERM',
      await underTraffic(() => releaseAndRollBack('ignore')),
    )
  })

  it('lose nothing of an app that exits at once, given a drain', async () => {
    project.write('.env.production', 'MODE=exit\n')
    project.write('zarpe.yml', `${project.read('zarpe.yml')}services: { web: { drain: 8s } }\n`)
    await zarpeOk(['deploy'], options())
    expectNothingLost(
      'app that exits at once, drain 8 s',
      await underTraffic(() => releaseAndRollBack('exit')),
    )
  })
})

describe('a second app on the same server', () => {
  it('takes nothing from the first: no request, no WebSocket, when it comes, changes and goes', async () => {
    const second = await projectFrom('hello', 'second', 'second.example')
    second.write('zarpe.yml', `${second.read('zarpe.yml')}${watch}`)
    const other = { folder: second.folder, server }
    const [rounds, webSockets] = isSoak ? [10, 100] : [1, 10]
    const report = await underTraffic(
      async () => {
        await zarpeOk(['deploy'], other)
        for (let round = 0; round < rounds; round++) {
          second.version(`2.0.${round}`)
          await zarpeOk(['deploy'], other)
        }
        await zarpeOk(['remove'], other)
      },
      { webSockets },
    )
    second.remove()
    const { sent, failed } = report.total
    figure(
      'a second app comes, is released and goes',
      `${rounds} releases of it: ${failed} of ${sent} requests of the first lost, none of its ${webSockets} WebSockets closed`,
    )
    expectAllAnswered(report)
    expect(report.webSockets.failed + report.eventStreams.failed).toBe(0)
    expect(report.webSockets.closes).toEqual({})
    expect(report.eventStreams.ended + report.eventStreams.cut).toBe(0)
  })
})
