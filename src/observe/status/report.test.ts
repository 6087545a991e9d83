import { describe, expect, it } from 'vitest'
import { applyStep, emptyServer, project, shop } from '../../../test/twin.ts'
import { planDeploy } from '../../release/deploy/deploy.plan.ts'
import type { Observed, ObservedTask } from '../../release/model.ts'
import type { StatusFacts } from './model.ts'
import { statusLines } from './render.ts'
import { reportOf } from './report.ts'

const at = '2026-01-31T12:00:00.000Z'
const dayLater = '2026-02-01T12:00:00.000Z'
const gib = 1_073_741_824

const task = (over: Partial<ObservedTask> = {}): ObservedTask => ({
  id: 't',
  state: 'running',
  desired: 'running',
  node: 'n',
  container: 'c',
  addresses: [],
  createdAt: dayLater,
  since: dayLater,
  error: null,
  exitCode: null,
  ...over,
})

const server = (): Observed => {
  const start = emptyServer()
  const released = planDeploy(
    shop({ db: 1, api: 1, web: 1, scheduler: 1 }),
    start,
    at,
  ).steps.reduce(applyStep, start)
  return {
    ...released,
    edge: {
      ...released.edge,
      running: true,
      certificates: released.releases[0]!.routes.map(({ domain }) => ({
        domain,
        notAfter: '2026-04-01T00:00:00Z',
        issuer: 'CA',
      })),
    },
    services: released.services.map((service) => ({
      ...service,
      updatedAt: at,
      tasks: Array.from({ length: service.replicas }, () => task()),
    })),
  }
}

const facts = (observed: Observed): StatusFacts => ({
  observed,
  machine: {
    hostname: 'vps',
    engine: '28',
    bootedAt: at,
    memory: { totalBytes: 4 * gib, freeBytes: gib },
    disk: { totalBytes: 40 * gib, freeBytes: 20 * gib },
  },
  usage: { c: { memoryBytes: 52_428_800, memoryLimitBytes: null, cpuPercent: 2 } },
  images: Object.fromEntries(
    observed.services.map(({ image }) => [
      image,
      { createdAt: '2026-01-01T00:00:00Z', hasHealthcheck: true },
    ]),
  ),
  migrations: [],
  readAt: dayLater,
})

const plain = (text: string) => text
const lines = (observed: Observed) =>
  statusLines(reportOf(facts(observed)), 'shop', {
    good: plain,
    bad: plain,
    dim: plain,
    bold: plain,
  })
const withService = (
  observed: Observed,
  name: string,
  change: Partial<Observed['services'][number]>,
) => ({
  ...observed,
  services: observed.services.map((service) =>
    service.service === name ? { ...service, ...change } : service,
  ),
})

describe('reportOf', () => {
  it('says that all is as wanted', () => {
    const report = reportOf(facts(server()))
    expect(report).toMatchObject({ project, ok: true, edge: 'running', strays: [], run: null })
    expect(report.services.find(({ service }) => service === 'api')).toMatchObject({
      state: 'healthy',
      running: 2,
      wanted: 2,
      memoryBytes: 104_857_600,
      imageAgeDays: 31,
    })
    expect(lines(server()).at(-1)).toBe('✓ all as wanted')
  })

  it('does not call a service healthy of which no health check speaks', () => {
    const all = facts(server())
    const images = Object.fromEntries(
      Object.entries(all.images).map(([name, image]) => [
        name,
        { ...image, hasHealthcheck: false },
      ]),
    )
    const report = reportOf({ ...all, images })
    expect(report.services.map(({ state }) => state)).toEqual(report.services.map(() => 'running'))
    expect(report.ok).toBe(true)
  })

  it('tells what was migrated, and what did not end well', () => {
    const newest = ['a', 'b', 'c', 'd'].map((name) => ({ name, at: null }))
    const dated = [{ name: '0002\u001b[31m', at: '2026-01-02 10:00:00+00' }]
    const migrations = (failed: string[]) => [
      {
        dataset: 'main',
        applied: [
          { tool: 'Django', newest, failed: [] },
          { tool: 'Prisma', newest: dated, failed },
        ],
      },
    ]
    const told = (failed: string[]) => {
      const report = reportOf({ ...facts(server()), migrations: migrations(failed) })
      const paint = { good: plain, bad: plain, dim: plain, bold: plain }
      return { ok: report.ok, said: statusLines(report, 'shop', paint) }
    }
    expect(told([]).ok).toBe(true)
    expect(told([]).said).toContain('data main: Django has applied a, b, c and 1 more')
    expect(told([]).said).toContain('data main: Prisma has applied 0002?[31m on 2026-01-02 10:00')
    expect(told(['0003']).ok).toBe(false)
    expect(told(['0003']).said).toContain('✗ data main: migration 0003 of Prisma did not end well')
  })

  it('does not count tasks that are on their way out', () => {
    const observed = withService(server(), 'web', {
      tasks: [task(), task({ desired: 'shutdown' })],
    })
    expect(
      reportOf(facts(observed)).services.find(({ service }) => service === 'web'),
    ).toMatchObject({
      running: 1,
      wanted: 1,
    })
  })

  it('says what runs on too few tasks, and what crashed since it was changed', () => {
    const observed = withService(server(), 'api', {
      tasks: [
        task(),
        task({ state: 'failed' }),
        task({ state: 'failed', createdAt: '2026-01-01T00:00:00Z' }),
      ],
    })
    expect(
      reportOf(facts(observed)).services.find(({ service }) => service === 'api'),
    ).toMatchObject({
      state: 'degraded',
      restarts: 1,
    })
    expect(lines(observed)).toContain('✗ api: 1 of 2 tasks run')
  })

  it.each<[string, (observed: Observed) => Observed, string]>([
    [
      'a removed service',
      (all) => ({ ...all, services: all.services.filter(({ service }) => service !== 'web') }),
      '✗ web: its Swarm service was removed',
    ],
    [
      'a change by hand',
      (all) => withService(all, 'web', { drift: ['TaskTemplate.ContainerSpec.Env'] }),
      '✗ web: changed by hand: TaskTemplate.ContainerSpec.Env',
    ],
    [
      'another number of tasks',
      (all) => withService(all, 'web', { replicas: 4 }),
      '✗ web: replicas: 4 instead of 1',
    ],
    [
      'a stray',
      (all) => ({ ...all, services: [...all.services, { ...all.services[0]!, name: 'stray' }] }),
      '✗ stray runs, but no release accounts for it',
    ],
    [
      'no edge',
      (all) => ({ ...all, edge: { ...all.edge, running: false } }),
      '✗ the edge does not run: nothing answers on 80 and 443',
    ],
    [
      'a domain without a certificate',
      (all) => ({ ...all, edge: { ...all.edge, certificates: [] } }),
      '✗ the edge has no certificate for shop.example: "zarpe check --remote" looks why',
    ],
    [
      'a certificate that ends',
      (all) => ({
        ...all,
        edge: {
          ...all.edge,
          certificates: [
            { domain: 'shop.example', notAfter: '2026-02-03T00:00:00Z', issuer: 'CA' },
          ],
        },
      }),
      '✗ the certificate of shop.example ends in 1 days',
    ],
  ])('does not call %s well', (_name, change, line) => {
    const observed = change(server())
    expect(reportOf(facts(observed)).ok).toBe(false)
    expect(lines(observed)).toContain(line)
  })

  it('asks for no certificate of an edge that does not run, nor of another app’s domains', () => {
    const all = server()
    const edge = { ...all.edge, certificates: [] }
    expect(reportOf(facts({ ...all, edge: { ...edge, running: false } })).uncertified).toEqual([])
    const releases = all.releases.map((release) => ({ ...release, routes: [] }))
    expect(reportOf(facts({ ...all, edge, releases })).uncertified).toEqual([])
  })

  it('takes an edge that was slow to show a certificate for no trouble, and says so', () => {
    const all = server()
    const late = ['shop.example', 'other.example']
    const observed = { ...all, edge: { ...all.edge, certificates: [], late } }
    expect(reportOf(facts(observed))).toMatchObject({
      ok: true,
      uncertified: [],
      late: ['shop.example'],
    })
    expect(lines(observed)).toContain(
      'certificate shop.example: not known, for the edge was too slow to show one',
    )
  })

  it('tells of the last release that failed, and of none that others have followed', () => {
    const [current] = server().releases
    const failed = { ...current!, number: 2, state: 'failed' as const, problem: 'no certificate' }
    expect(reportOf(facts({ ...server(), releases: [current!, failed] }))).toMatchObject({
      ok: true,
      failed: { number: 2, by: current!.by, problem: 'no certificate' },
    })
    const earlier = { ...failed, number: 0 }
    expect(reportOf(facts({ ...server(), releases: [current!, earlier] })).failed).toBeNull()
  })

  it('tells of a run that was cut short, and of one under way', () => {
    const plan = {
      verb: 'deploy',
      title: 'release 2',
      scope: project,
      basis: '',
      notes: [],
      steps: planDeploy(shop({ db: 1, api: 1, web: 2, scheduler: 1 }), server(), at).steps,
    }
    const lastRun = {
      plan,
      by: 'me',
      startedAt: at,
      doneIds: [],
      cutAt: plan.steps[0]!.id,
      outcome: 'interrupted' as const,
    }
    const cut = reportOf(facts({ ...server(), lastRun }))
    expect(cut.run?.state).toBe('interrupted')
    expect(cut.run?.text).toContain('"release 2" was cut short at "image.pull web"')
    expect(cut.ok).toBe(false)
    const under = reportOf(
      facts({ ...server(), lastRun, lock: { by: 'you', verb: 'deploy', since: at } }),
    )
    expect(under.run?.text).toBe('you has been running "zarpe deploy" since 2026-01-31 12:00 UTC')
  })

  it('says that nothing was released', () => {
    expect(reportOf(facts(emptyServer()))).toMatchObject({
      ok: false,
      release: null,
      edge: 'unused',
    })
  })
})
