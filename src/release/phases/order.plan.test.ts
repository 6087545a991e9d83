import { describe, expect, it } from 'vitest'
import {
  applyStep,
  asked,
  at,
  deployed,
  emptyServer,
  project,
  service,
  shopApp,
} from '../../../test/twin.ts'
import type { Service } from '../../app/model.ts'
import type { DataBack } from '../rollback/data-back.plan.ts'
import { planDeploy } from '../deploy/deploy.plan.ts'
import { wantedOf } from '../deploy/wanted.ts'
import type { Observed, Wanted } from '../model.ts'
import { planAbort } from '../recover/abort.plan.ts'
import { planRollback } from '../rollback/rollback.plan.ts'
import { lateServices } from './late.ts'

/** A service with a volume of its own, or of another's. */
const keeping = (name: string, volume: string, over: Partial<Service> = {}) => {
  const plain = service(name, { stateful: true, ...over })
  const mounts = [{ Type: 'volume' as const, Source: `${project}_${volume}`, Target: '/data' }]
  return { ...plain, container: { ...plain.container, mounts } }
}

/** A product of these services, each in a version; without a migration if none is named. */
const product = (services: Service[], version: number, migrates: string | null): Wanted => {
  const images = Object.fromEntries(
    services.map(({ name }) => {
      const is = `sha256:${name}${version}`
      return [name, { reference: `127.0.0.1:5210/${project}/${name}@${is}`, digest: is }]
    }),
  )
  const migrate = migrates ? { service: migrates, command: ['migrate'], limitMs: 60_000 } : null
  const routes = shopApp([]).routes.filter((route) =>
    services.some(({ name }) => name === route.service),
  )
  const asked = { git: null, by: 'tester@laptop', server: 'main', hashKey: 'key', backup: true }
  return wantedOf({ ...shopApp(services), migrate, routes }, images, asked)
}

const shown = /^(service\.(apply|start|retire|remove)|job|restore|release\.commit)/

const told = (steps: { kind: string; target?: string | null }[]) =>
  steps.flatMap(({ kind, target }) =>
    shown.test(kind) ? [`${kind} ${(target ?? 'data').replace(`${project}_`, '')}`] : [],
  )

/** A backup that goes back with a release. */
const restores = [{ backup: { id: 'b', project, dataset: 'main' }, from: 'local', names: {} }]
const data = { restores: restores as unknown as DataBack[], notes: [] as string[] }

const db = keeping('db', 'data')
const web = keeping('web', 'uploads', { after: ['db'] })

describe('services that keep data', () => {
  it('come before the migration, but for the program that migrates, and what needs it', () => {
    const steps = told(planDeploy(product([db, web], 1, 'web'), emptyServer(), at).steps)
    expect(steps.slice(0, 4)).toEqual([
      'service.apply db',
      'job.run _migrate-r1',
      'service.apply web',
      'release.commit 1',
    ])
  })

  it('wait for those that they need, though these keep none', () => {
    const proxy = keeping('proxy', 'cache', { after: ['api'] })
    const services = [proxy, service('api', { after: ['db'] }), db]
    const steps = told(planDeploy(product(services, 1, null), emptyServer(), at).steps)
    expect(steps).toEqual([
      'service.apply db',
      'service.start api-r1',
      'service.apply proxy',
      'release.commit 1',
    ])
  })

  it('of the program meet only the data of their own release', () => {
    const server = deployed(product([db, web], 2, 'web'), deployed(product([db, web], 1, 'web')))
    const rollback = planRollback(server, { ...asked, to: null, data })
    // The database's own image differs here too, and is back before the data is.
    expect(told(rollback.steps)).toEqual([
      'service.apply db',
      'restore.load b',
      'service.retire web',
      'restore.swap data',
      'service.apply web',
      'release.commit 3',
    ])
  })

  it('are not late where the migration needs them', () => {
    const linked = (name: string, role: 'service' | 'stateful', ...after: string[]) => ({
      service: name,
      role,
      after,
    })
    const services = [
      linked('config', 'service'),
      linked('search', 'stateful', 'config'),
      linked('web', 'stateful', 'search'),
      linked('mirror', 'stateful', 'web'),
    ]
    expect([...lateServices(services, 'web', [])]).toEqual(['web', 'mirror'])
    expect([...lateServices(services, null, [])]).toEqual(['search', 'web', 'mirror'])
    // A server of data comes first, whatever it waits for.
    expect([...lateServices(services, null, ['search'])]).toEqual(['web', 'mirror'])
  })
})

describe('a rollback with data', () => {
  const back = (server: Observed) => {
    const plan = planRollback(server, { ...asked, to: 1, data })
    return { steps: told(plan.steps), after: plan.steps.reduce(applyStep, server) }
  }
  const replicasOf = (server: Observed, name: string) =>
    server.services.find((each) => each.name === `${project}_${name}`)?.replicas

  it('leaves running what comes first in the older release, and late in the newer', () => {
    const first = product([keeping('search', 'idx'), service('web')], 1, null)
    const second = product([keeping('search', 'idx', { after: ['web'] }), service('web')], 2, null)
    const { steps, after } = back(deployed(second, deployed(first)))
    expect(steps).toEqual([
      'service.apply search',
      'restore.load b',
      'service.retire web-r2',
      'restore.swap data',
      'service.start web-r1',
      'release.commit 3',
    ])
    expect(replicasOf(after, 'search')).toBe(1)
    expect(
      planDeploy(first, after, at).steps.filter(({ kind }) => kind === 'service.apply'),
    ).toEqual([])
  })

  it('stops whoever has the volume before what comes first takes it', () => {
    const first = product([keeping('search', 'idx'), service('web')], 1, null)
    const second = product([keeping('index', 'idx', { after: ['web'] }), service('web')], 2, null)
    expect(back(deployed(second, deployed(first))).steps).toEqual([
      'service.retire index',
      'service.apply search',
      'restore.load b',
      'service.retire web-r2',
      'restore.swap data',
      'service.start web-r1',
      'release.commit 3',
    ])
  })
})

describe('services on one volume', () => {
  const ids = (wanted: Wanted, server: Observed) =>
    planDeploy(wanted, server, at).steps.map(({ id }) => id)

  it('that have shared it until now go on, and nobody is stopped twice', () => {
    const of = (worker: string) => [keeping('app', 'uploads'), keeping(worker, 'uploads')]
    const server = deployed(product(of('worker'), 1, null))
    const renamed = product(of('jobs'), 2, null)
    expect(told(planDeploy(renamed, server, at).steps)).toEqual([
      'service.apply app',
      'service.retire worker',
      'service.apply jobs',
      'release.commit 2',
    ])
    expect(new Set(ids(renamed, server)).size).toBe(ids(renamed, server).length)
  })

  it('are not two where one ceased to keep data', () => {
    const server = deployed(product([db], 1, null))
    const { container } = db
    const plain = product([service('db', { container })], 1, null)
    expect(told(planDeploy(plain, server, at).steps)).toEqual([
      'service.retire db',
      'service.start db-r2',
      'release.commit 2',
    ])
  })
})

describe('a service that keeps data and is called otherwise now', () => {
  const former = product([db], 1, null)
  const renamed = product([keeping('postgres', 'data')], 1, null)

  it('never runs beside what it was called before', () => {
    const server = deployed(former)
    const steps = told(planDeploy(renamed, server, at).steps)
    expect(steps).toEqual(['service.retire db', 'service.apply postgres', 'release.commit 2'])
    const back = planRollback(deployed(renamed, server), { ...asked, to: null, data: null })
    expect(told(back.steps).slice(0, 2)).toEqual(['service.retire postgres', 'service.apply db'])
  })

  it('is gone before that comes back, where the release fails', () => {
    const server = deployed(former)
    const plan = planDeploy(renamed, server, at)
    const cut = plan.steps.findIndex(({ kind }) => kind === 'release.commit')
    const failed = plan.steps.slice(0, cut).reduce(applyStep, server)
    const release = failed.releases.find(({ state }) => state === 'starting')!
    expect(told(planAbort(failed, release, 'it was unhealthy'))).toEqual([
      'service.remove postgres',
      'service.apply db',
    ])
  })

  it('and one that began to keep data is alone too', () => {
    const { container } = keeping('db', 'data')
    const plain = product([service('db', { container })], 1, null)
    expect(told(planDeploy(former, deployed(plain), at).steps)).toEqual([
      'service.retire db-r1',
      'service.apply db',
      'release.commit 2',
      // Kept for a rollback, at rest.
    ])
  })
})

describe('data that went back', () => {
  const api = (version: number) => product([db, service('api', { after: ['db'] })], version, 'api')
  const back = (to: number) => ({ ...asked, to, data: null })
  const rolledBack = (server: Observed, to: number) =>
    planRollback(server, { ...back(to), data }).steps.reduce(applyStep, server)

  it('is noted, and the release that migrated it is not brought back on it', () => {
    const server = rolledBack(deployed(api(2), deployed(api(1))), 1)
    expect(server.releases.at(-1)).toMatchObject({ number: 3, dataBackTo: 1 })
    expect(() => planRollback(server, back(2))).toThrow(/data that is not there any more/)
    const again = deployed(api(3), server)
    expect(again.releases.at(-1)).toMatchObject({ number: 4 })
    expect(again.releases.at(-1)).not.toHaveProperty('dataBackTo')
    expect(planRollback(again, back(2)).title).toContain('as it was in release 2')
  })
})

it('a migration is ended by no health check, not even its image’s own', () => {
  const job = planDeploy(product([db, web], 1, 'web'), emptyServer(), at).steps.find(
    (step) => step.kind === 'job.run',
  )
  expect(job).toMatchObject({
    params: { spec: { TaskTemplate: { ContainerSpec: { Healthcheck: { Test: ['NONE'] } } } } },
  })
})

it('a number is never given twice, whatever else was lost', () => {
  const server = deployed(product([db], 1, null))
  const number = (seen: Observed) => planDeploy(product([db], 2, null), seen, at).title
  const lost = { ...server, releases: [], current: 7 }
  expect(number(lost)).toContain('release 8')
  const aside = { release: 9 } as Observed['data']['asides'][number]
  expect(number({ ...lost, data: { ...lost.data, asides: [aside] } })).toContain('release 10')
})
