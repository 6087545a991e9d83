import { describe, expect, it } from 'vitest'
import { applyStep, asked, at, cutIn, deployed, shop } from '../../../test/twin.ts'
import type { AnyStep } from '../../plan/kinds.ts'
import { planDeploy } from '../deploy/deploy.plan.ts'
import type { Observed } from '../model.ts'
import { planRollback } from '../rollback/rollback.plan.ts'
import { planAbort } from './abort.plan.ts'

const first = shop({ db: 1, api: 1, web: 1, scheduler: 1 })
const second = shop({ db: 1, api: 2, web: 1, scheduler: 1 })

describe('what serves without a record', () => {
  it('serves on when the release after it fails: edge, network and data are left alone', () => {
    for (const current of [2, null]) {
      const server = { ...deployed(second, deployed(first)), releases: [], current }
      const { steps } = planDeploy(shop({ db: 2, api: 3, web: 1, scheduler: 1 }), server, at)
      for (let cut = 1; cut < steps.findIndex(({ kind }) => kind === 'release.commit'); cut++) {
        const cutShort = steps.slice(0, cut).reduce(applyStep, server)
        const failed = cutShort.releases.find(({ state }) => state === 'starting')
        if (!failed) continue
        const after = planAbort(cutShort, failed, 'it failed').reduce(applyStep, cutShort)
        expect(after).toMatchObject({ edge: server.edge, network: server.network })
        const namesOf = (observed: Observed) =>
          observed.services.flatMap(({ name, replicas }) => (replicas > 0 ? [name] : [])).toSorted()
        expect(namesOf(after)).toEqual(namesOf(server))
      }
    }
  })

  it('has the maintenance page of what serves when the release of another one fails', () => {
    const paged = (page: string) => ({ ...second, maintenancePage: page })
    const server = deployed(paged('first'), deployed(first))
    const { steps } = planDeploy(paged('second'), server, at)
    const switched = steps.findIndex(({ kind }) => kind === 'edge.configure') + 1
    const cutShort = steps.slice(0, switched).reduce(applyStep, server)
    expect(cutShort.edge.apps[0]).toMatchObject({ maintenancePage: 'second' })
    const failed = cutShort.releases.find(({ state }) => state === 'starting')!
    const after = planAbort(cutShort, failed, 'it failed').reduce(applyStep, cutShort)
    expect(after.edge).toEqual(server.edge)
  })

  it('has its routes again when the next release was cut while the edge was given others', () => {
    const moved = { ...second, routes: [{ ...second.routes[0]!, domain: 'new.example' }] }
    for (const current of [2, null]) {
      const whole = deployed(second, deployed(first))
      const server = current === null ? { ...whole, releases: [], current } : whole
      const { steps } = planDeploy(moved, server, at)
      const switching = steps.findIndex(({ kind }) => kind === 'edge.configure')
      const cutShort = cutIn(steps[switching]!, steps.slice(0, switching).reduce(applyStep, server))
      const failed = cutShort.releases.find(({ state }) => state === 'starting')!
      const back = planAbort(cutShort, failed, 'it failed')
      expect(back.map(({ kind }) => kind)).toContain('edge.configure')
      expect(back.reduce(applyStep, cutShort).edge).toEqual(server.edge)
    }
  })

  it('leaves a route with the app that has taken it meanwhile', () => {
    const two = [...second.routes, { ...second.routes[0]!, domain: 'www.shop.example' }]
    const server = deployed({ ...second, routes: two }, deployed(first))
    const { steps } = planDeploy({ ...second, routes: [two[1]!] }, server, at)
    const switched = steps.findIndex(({ kind }) => kind === 'edge.configure') + 1
    const cutShort = steps.slice(0, switched).reduce(applyStep, server)
    const blog = { project: 'blog-production', routes: [two[0]!], settings: {} }
    const seen = { ...cutShort, edge: { ...cutShort.edge, apps: [blog, ...cutShort.edge.apps] } }
    const failed = seen.releases.find(({ state }) => state === 'starting')!
    const after = planAbort(seen, failed, 'it failed').reduce(applyStep, seen)
    expect(after.edge.apps).toEqual([
      blog,
      { project: second.project, routes: [two[1]!], settings: {} },
    ])
  })

  it('is begun from by the next release, which has what it wants on the edge', () => {
    const another = {
      maintenancePage: 'soon',
      routes: [...second.routes, { ...second.routes[0]!, domain: 'www.shop.example' }],
    }
    const server = deployed(second, deployed(first))
    const { steps } = planDeploy({ ...second, ...another }, server, at)
    const switched = steps.findIndex(({ kind }) => kind === 'edge.configure') + 1
    const cutShort = steps.slice(0, switched).reduce(applyStep, server)
    const third = { ...shop({ db: 1, api: 3, web: 1, scheduler: 1 }), ...another }
    const after = deployed(third, cutShort)
    expect(after.edge.apps).toEqual([{ project: third.project, ...another, settings: {} }])
    expect(planDeploy(third, after, at).steps).toEqual([])
  })

  it('serves on when a rollback past it fails: what both releases share is not put to rest', () => {
    const whole = deployed(second, deployed(first))
    const server = { ...whole, releases: whole.releases.filter(({ number }) => number === 1) }
    const { steps } = planRollback(server, { ...asked, to: 1, data: null })
    const started = steps.findIndex(({ kind }) => kind === 'release.commit')
    const cutShort = steps.slice(0, started).reduce(applyStep, server)
    const failed = cutShort.releases.find(({ state }) => state === 'starting')!
    const after = planAbort(cutShort, failed, 'it failed').reduce(applyStep, cutShort)
    const serving = ({ services }: Observed) =>
      services.flatMap(({ name, replicas }) => (replicas > 0 ? [name] : []))
    expect(serving(after)).toEqual(expect.arrayContaining(serving(server)))
    expect(serving(server)).toContain('shop-production_web-r1')
  })
})

describe('the way back', () => {
  const slow = (version: { scheduler: number; db: number }) => {
    const wanted = shop({ ...version, api: 1, web: 1 })
    const drained = wanted.services.map((service) => ({
      ...service,
      specFor: (release: number) => {
        const spec = service.specFor(release)
        spec.TaskTemplate.ContainerSpec.StopGracePeriod = 180_000_000_000
        return spec
      },
    }))
    return { ...wanted, services: drained }
  }
  /** The least that any step which stops a service has, of the kind that is asked for. */
  const limitOf = (steps: AnyStep[], kind: AnyStep['kind']) =>
    Math.min(...steps.filter((step) => step.kind === kind).map(({ limitMs }) => limitMs))

  it('gives what it stops the time that it was made with: removed, updated in place or put to rest', () => {
    const server = deployed(slow({ scheduler: 1, db: 1 }))
    const { steps } = planDeploy(slow({ scheduler: 2, db: 2 }), server, at)
    const before = steps.findIndex(({ kind }) => kind === 'release.commit')
    const cutShort = steps.slice(0, before).reduce(applyStep, server)
    const abort = planAbort(cutShort, cutShort.releases.at(-1)!, 'it failed')
    expect(limitOf(abort, 'service.remove')).toBeGreaterThan(180_000)
    expect(limitOf(abort, 'service.await')).toBeGreaterThan(180_000)

    const two = steps.reduce(applyStep, server)
    const rollback = planRollback(two, { ...asked, to: null, data: null }).steps
    const woken = rollback.findIndex(({ kind }) => kind === 'service.start') + 1
    const wokenUp = rollback.slice(0, woken).reduce(applyStep, two)
    const rest = planAbort(wokenUp, wokenUp.releases.at(-1)!, 'it failed')
    expect(limitOf(rest, 'service.retire')).toBeGreaterThan(180_000)
  })
})
