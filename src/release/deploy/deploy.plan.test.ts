import { describe, expect, it } from 'vitest'
import { applyStep, emptyServer, shop } from '../../../test/twin.ts'
import { explain } from '../../plan/explain.ts'
import { planAbort } from '../recover/abort.plan.ts'
import { planDeploy } from './deploy.plan.ts'
import type { Observed } from '../model.ts'
import { planRollback } from '../rollback/rollback.plan.ts'
import { planScale } from '../scale/scale.plan.ts'

const at = '2026-01-31T12:00:00.000Z'
const first = shop({ db: 1, api: 1, web: 1, scheduler: 1 })
const deployed = (wanted = first, server = emptyServer()) =>
  planDeploy(wanted, server, at).steps.reduce(applyStep, server)
const back = {
  to: null,
  by: 'tester@laptop',
  at,
  title: 'shop',
  healthyWithinMs: 60_000,
  keep: 3,
  data: null,
}

describe('planDeploy', () => {
  it('brings an app to a bare server: data first, then the migration, then in order of need', () => {
    expect(explain(planDeploy(first, emptyServer(), at)).map((line) => line.trimEnd())).toEqual(
      [
        'release 1 of shop (production) on main: 24 steps',
        '  1. image.pull db                               the server does not have this image',
        '  2. image.pull api                              the server does not have this image',
        '  3. image.pull web                              the server does not have this image',
        '  4. image.pull scheduler                        the server does not have this image',
        '  5. release.open 1                              what was asked for is written down first',
        '  6. network.create shop-production              its services find each other on it',
        '  7. edge.start caddy:2                          nothing answers on 80 and 443 yet',
        '  8. edge.attach shop-production                 the edge must reach the services',
        '  9. service.apply shop-production_db            it is new',
        ' 10. service.await shop-production_db            others need it',
        ' 11. job.run shop-production_migrate-r1          from the new image, before any of it serves',
        ' 12. service.start shop-production_api-r1        it is new',
        ' 13. service.start shop-production_scheduler-r1  it is new',
        ' 14. service.await shop-production_api-r1        nothing goes live before it is healthy',
        ' 15. service.await shop-production_scheduler-r1  nothing goes live before it is healthy',
        ' 16. service.start shop-production_web-r1        it is new',
        ' 17. service.await shop-production_web-r1        nothing goes live before it is healthy',
        ' 18. edge.configure shop-production              its routes changed',
        ' 19. edge.prove shop-production                  the edge itself says who answers',
        ' 20. release.commit 1                            all of it is healthy and answering',
        ' 21. service.remove shop-production_migrate-r1   its work is done',
        '  note: change: db: new',
        '  note: change: api: new',
        '  note: change: web: new',
        '  note: change: scheduler: new',
      ].map((line) => line.replace('24 steps', '21 steps')),
    )
  })

  it('plans nothing for what is there already', () => {
    expect(planDeploy(first, deployed(), at).steps).toEqual([])
  })

  it('touches only what changed, and stops the old only after the commit', () => {
    const plan = planDeploy(shop({ db: 1, api: 1, web: 2, scheduler: 1 }), deployed(), at)
    expect(plan.steps.map((step) => `${step.kind} ${step.target}`)).toEqual([
      'image.pull web',
      'release.open 2',
      'service.start shop-production_web-r2',
      'service.await shop-production_web-r2',
      'edge.prove shop-production',
      'release.commit 2',
      'service.retire shop-production_web-r1',
      'edge.prove shop-production',
    ])
  })

  it('names the outage of a service that must not run twice', () => {
    const plan = planDeploy(shop({ db: 1, api: 1, web: 1, scheduler: 2 }), deployed(), at)
    const retire = plan.steps.find((step) => step.kind === 'service.retire')!
    expect(retire.danger).toBe('downtime')
    expect(plan.steps.indexOf(retire)).toBeLessThan(
      plan.steps.findIndex((step) => step.kind === 'service.start'),
    )
  })

  it('puts back what was changed by hand', () => {
    const server = deployed()
    const drifted = {
      ...server,
      services: server.services.map((service) =>
        service.service === 'web'
          ? { ...service, drift: ['TaskTemplate.ContainerSpec.Image'] }
          : service,
      ),
    }
    expect(
      planDeploy(first, drifted, at).steps.map(({ kind, cause }) => `${kind}: ${cause}`),
    ).toEqual([
      'service.apply: changed by hand: TaskTemplate.ContainerSpec.Image',
      'service.await: it must serve again',
    ])
  })

  it('takes up a release that was cut short, under the same number', () => {
    const server = emptyServer()
    const plan = planDeploy(first, server, at)
    const cut = plan.steps.slice(0, 14).reduce(applyStep, server)
    const again = planDeploy(first, cut, at)
    expect(again.title).toBe('release 1 of shop (production) on main')
    expect(again.notes).toContain('release 1 was cut short; it is taken up again')
    const done = again.steps.reduce(applyStep, cut)
    expect(done.current).toBe(1)
    expect(planDeploy(first, done, at).steps).toEqual([])
  })
})

describe('planRollback', () => {
  it('wakes the services of the release before, and builds and migrates nothing', () => {
    const server = deployed(shop({ db: 1, api: 2, web: 2, scheduler: 1 }), deployed())
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

  it('says which releases there are when asked for another', () => {
    expect(() => planRollback(deployed(), { ...back, to: 7 })).toThrow(/kept are: none/)
  })
})

describe('planScale', () => {
  it('changes the number of tasks and nothing else', () => {
    const plan = planScale(deployed(), { ...back, replicas: { api: 4 } })
    expect(plan.steps.map((step) => `${step.kind} ${step.target}`)).toEqual([
      'release.open 2',
      'service.start shop-production_api-r1',
      'service.await shop-production_api-r1',
      'edge.prove shop-production',
      'release.commit 2',
    ])
  })

  it('does not run a database twice', () => {
    expect(() => planScale(deployed(), { ...back, replicas: { db: 2 } })).toThrow(/keeps data/)
  })
})

describe('what was lost', () => {
  const second = shop({ db: 1, api: 2, web: 1, scheduler: 1 })

  it('is not mistaken for what is wanted: numbers go past services whose records are gone', () => {
    const server = { ...deployed(second, deployed()), releases: [], current: null }
    const plan = planDeploy(second, server, at)
    expect(plan.title).toBe('release 3 of shop (production) on main')
    expect(plan.steps.map((step) => step.target)).toContain('shop-production_api-r3')
  })

  it('serves on when the release after it fails: edge, network and data are left alone', () => {
    for (const current of [2, null]) {
      const server = { ...deployed(second, deployed()), releases: [], current }
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

  it('serves on when a rollback past it fails: what both releases share is not put to rest', () => {
    const whole = deployed(second, deployed())
    const server = { ...whole, releases: whole.releases.filter(({ number }) => number === 1) }
    const { steps } = planRollback(server, { ...back, to: 1 })
    const started = steps.findIndex(({ kind }) => kind === 'release.commit')
    const cutShort = steps.slice(0, started).reduce(applyStep, server)
    const failed = cutShort.releases.find(({ state }) => state === 'starting')!
    const after = planAbort(cutShort, failed, 'it failed').reduce(applyStep, cutShort)
    const serving = ({ services }: Observed) =>
      services.flatMap(({ name, replicas }) => (replicas > 0 ? [name] : []))
    expect(serving(after)).toEqual(expect.arrayContaining(serving(server)))
    expect(serving(server)).toContain('shop-production_web-r1')
  })

  it('is never the way back: rollbacks and scalings do not push releases out', () => {
    let server = deployed(second, deployed())
    for (const api of [3, 4, 5, 6])
      server = planScale(server, { ...back, replicas: { api } }).steps.reduce(applyStep, server)
    expect(server.releases.map((release) => release.number)).toContain(1)
    const plan = planRollback(server, back)
    expect(plan.title).toContain('as it was in release 1')
  })
})
