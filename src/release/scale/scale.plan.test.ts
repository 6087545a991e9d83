import { describe, expect, it } from 'vitest'
import { applyStep, asked, deployed, shop } from '../../../test/twin.ts'
import type { AnyStep } from '../../plan/kinds.ts'
import { planScale } from './scale.plan.ts'

const released = deployed(shop({ db: 1, api: 1, web: 1, scheduler: 1 }))
const scale = (replicas: Record<string, number>) => planScale(released, { ...asked, replicas })

describe('planScale', () => {
  it('changes the number of tasks and nothing else', () => {
    const plan = scale({ api: 4 })
    expect(plan.steps.map((step) => `${step.kind} ${step.target}`)).toEqual([
      'release.open 2',
      'service.start shop-production_api-r1',
      'service.await shop-production_api-r1',
      'edge.prove shop-production',
      'release.commit 2',
    ])
  })

  it('warns of routes that nobody will answer', () => {
    expect(scale({ web: 0 }).notes).toContain(
      'https://shop.example/ will not be answered: web has no task',
    )
    expect(scale({ web: 2, api: 0 }).notes.join()).not.toContain('will not be answered')
  })

  it('asks nobody on the edge for what has no task, then or in any release after', () => {
    const provenBy = (steps: AnyStep[]) =>
      steps.flatMap((each) =>
        each.kind === 'edge.prove' ? each.params.routes.map(({ service }) => service) : [],
      )
    const wanted = shop({ db: 1, api: 1, web: 1, scheduler: 1 })
    const routes = [...wanted.routes, { ...wanted.routes[0]!, path: '/api', service: 'api' }]
    const server = deployed({ ...wanted, routes })
    const none = planScale(server, { ...asked, replicas: { web: 0 } })
    expect(provenBy(none.steps)).toEqual(['api'])
    const rested = none.steps.reduce(applyStep, server)
    expect(provenBy(planScale(rested, { ...asked, replicas: { api: 4 } }).steps)).toEqual(['api'])
    const all = planScale(rested, { ...asked, replicas: { api: 0 } }).steps
    expect(provenBy(all)).toEqual([])
  })

  it('does nothing for the number that there is', () => {
    expect(scale({ api: 2 }).steps).toEqual([])
  })

  it('refuses a second task of what keeps data, and a service that is not there', () => {
    expect(() => scale({ db: 2 })).toThrow('release/one-only')
    expect(() => scale({ nobody: 1 })).toThrow('config/unknown-service')
  })
})
