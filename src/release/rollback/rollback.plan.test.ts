import { describe, expect, it } from 'vitest'
import { applyStep, asked, deployed, shop } from '../../../test/twin.ts'
import { problemsOf } from '../../problem/problem.ts'
import type { Observed } from '../model.ts'
import { planScale } from '../scale/scale.plan.ts'
import { planRollback } from './rollback.plan.ts'

const first = shop({ db: 1, api: 1, web: 1, scheduler: 1 })
const back = { ...asked, to: null, data: null }

const problemOf = (act: () => unknown) => {
  try {
    act()
  } catch (thrown) {
    return problemsOf(thrown)[0]!
  }
  throw new Error('it went through')
}

describe('planRollback', () => {
  it('wakes the services of the release before, and builds and migrates nothing', () => {
    const server = deployed(shop({ db: 1, api: 2, web: 2, scheduler: 1 }), deployed(first))
    const plan = planRollback(server, back)
    expect(plan.steps.map((step) => `${step.kind} ${step.target}`)).toEqual([
      'release.open 3',
      'service.start shop-production_api-r1',
      'service.await shop-production_api-r1',
      'service.start shop-production_web-r1',
      'service.await shop-production_web-r1',
      'edge.prove shop-production',
      'release.commit 3',
      'service.retire shop-production_api-r2',
      'service.retire shop-production_web-r2',
      'edge.prove shop-production',
    ])
  })

  it('gives what is stopped first the time that its own definition gives it', () => {
    const server = deployed(shop({ db: 1, api: 1, web: 1, scheduler: 2 }), deployed(first))
    const retire = planRollback(server, back).steps.find(({ kind }) => kind === 'service.retire')
    expect(retire).toMatchObject({
      target: 'shop-production_scheduler-r2',
      params: { graceMs: 90_000 },
    })
    expect(retire!.limitMs).toBeGreaterThan(90_000)
  })

  it('is refused where another app has a route by now that it would set, and not for what is set', () => {
    const elsewhere = { ...first, routes: [{ ...first.routes[0]!, domain: 'other.example' }] }
    const taken = (server: Observed): Observed => ({
      ...server,
      edge: {
        ...server.edge,
        apps: [
          ...server.edge.apps,
          { project: 'blog-production', routes: first.routes, settings: {} },
        ],
      },
    })
    const moved = taken(deployed(elsewhere, deployed(first)))
    expect(problemOf(() => planRollback(moved, back)).code).toBe('edge/route-taken')
    const two = taken(deployed(shop({ db: 1, api: 2, web: 1, scheduler: 1 }), deployed(first)))
    expect(planRollback(two, back).steps).not.toEqual([])
  })

  it('says which releases there are when asked for another', () => {
    expect(() => planRollback(deployed(first), { ...back, to: 7 })).toThrow(/kept are: none/)
  })

  it('does not lead back to what it led away from, though it was scaled meanwhile', () => {
    const bad = [2, 3].reduce(
      (seen, web) => deployed(shop({ db: 1, api: 1, web, scheduler: 1 }), seen),
      deployed(first),
    )
    const rolledBack = planRollback(bad, back).steps.reduce(applyStep, bad)
    const scaled = planScale(rolledBack, { ...asked, replicas: { api: 3 } }).steps.reduce(
      applyStep,
      rolledBack,
    )
    expect(planRollback(rolledBack, back).title).toContain('as it was in release 1')
    expect(planRollback(scaled, back).title).toContain('as it was in release 1')
  })

  it('names the way to one that runs the same, which is passed over without a number', () => {
    const server = [0, 2].reduce(
      (seen, web) => planScale(seen, { ...asked, replicas: { web } }).steps.reduce(applyStep, seen),
      deployed(first),
    )
    const problem = problemOf(() => planRollback(server, back))
    expect(problem.code).toBe('config/none-before')
    expect(problem.detail).toMatch(/at most the number of tasks differs: 1, 2\.$/)
    // Not to the second, in which nothing of "web" runs.
    expect(problem.fix).toContain('zarpe rollback 1')
    expect(planRollback(server, { ...back, to: 2 }).title).toContain('as it was in release 2')
  })

  it('says where nothing came before, and what came after', () => {
    expect(problemOf(() => planRollback(deployed(first), back)).detail).toBe(
      'None is kept from before release 1; kept are: none.',
    )
    const two = deployed(shop({ db: 1, api: 2, web: 1, scheduler: 1 }), deployed(first))
    const again = planRollback(two, back).steps.reduce(applyStep, two)
    const problem = problemOf(() => planRollback(again, back))
    expect(problem.detail).toBe(
      'None is kept from before release 1, which release 3 brought back; kept are: 1, 2.',
    )
    expect(problem.fix).toContain('zarpe rollback 2')
  })

  it('has a way back however often there was a scaling: that pushes no release out', () => {
    let server = deployed(shop({ db: 1, api: 2, web: 1, scheduler: 1 }), deployed(first))
    for (const api of [3, 4, 5, 6])
      server = planScale(server, { ...asked, replicas: { api } }).steps.reduce(applyStep, server)
    expect(server.releases.map((release) => release.number)).toContain(1)
    const plan = planRollback(server, back)
    expect(plan.title).toContain('as it was in release 1')
  })
})
