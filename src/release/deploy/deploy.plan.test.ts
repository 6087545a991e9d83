import { describe, expect, it } from 'vitest'
import { applyStep, asked, at, deployed, emptyServer, project, shop } from '../../../test/twin.ts'
import { explain } from '../../plan/explain.ts'
import type { AnyStep } from '../../plan/kinds.ts'
import type { Observed } from '../model.ts'
import { releasedName } from '../names.ts'
import { planRollback } from '../rollback/rollback.plan.ts'
import { planDeploy } from './deploy.plan.ts'

const first = shop({ db: 1, api: 1, web: 1, scheduler: 1 })

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
        ' 11. job.run shop-production__migrate-r1         from the new image, before any of it serves',
        ' 12. service.start shop-production_api-r1        it is new',
        ' 13. service.start shop-production_scheduler-r1  it is new',
        ' 14. service.await shop-production_api-r1        nothing goes live before it is healthy',
        ' 15. service.await shop-production_scheduler-r1  nothing goes live before it is healthy',
        ' 16. service.start shop-production_web-r1        it is new',
        ' 17. service.await shop-production_web-r1        nothing goes live before it is healthy',
        ' 18. edge.configure shop-production              its routes changed',
        ' 19. edge.prove shop-production                  the edge itself says who answers',
        ' 20. release.commit 1                            all of it is healthy and answering',
        ' 21. service.remove shop-production__migrate-r1  its work is done',
        '  note: change: db: new',
        '  note: change: api: new',
        '  note: change: web: new',
        '  note: change: scheduler: new',
      ].map((line) => line.replace('24 steps', '21 steps')),
    )
  })

  it('plans nothing for what is there already', () => {
    expect(planDeploy(first, deployed(first), at).steps).toEqual([])
  })

  it('gives the edge another maintenance page, starts nothing anew, and takes it back in a rollback', () => {
    const server = deployed(first)
    const paged = { ...first, maintenancePage: '<h1>Soon</h1>' }
    const plan = planDeploy(paged, server, at)
    expect(plan.steps.map((step) => `${step.kind} ${step.cause}`)).toEqual([
      'release.open what was asked for is written down first',
      'edge.configure its maintenance page changed',
      'edge.prove the edge itself says who answers',
      'release.commit all of it is healthy and answering',
    ])
    expect(plan.notes).toContain('change: maintenance page')
    const after = deployed(paged, server)
    expect(after.edge.apps[0]).toMatchObject({ maintenancePage: '<h1>Soon</h1>' })
    expect(planDeploy(paged, after, at).steps).toEqual([])
    const back = planRollback(after, { ...asked, to: null, data: null })
    expect(back.steps.reduce(applyStep, after).edge.apps).toEqual(server.edge.apps)
  })

  it('refuses a route that another app has, and takes a path beside it', () => {
    const has = (path: string): Observed => {
      const server = emptyServer()
      const routes = [{ ...first.routes[0]!, path, service: 'web' }]
      return {
        ...server,
        edge: { ...server.edge, apps: [{ project: 'blog-production', routes, settings: {} }] },
      }
    }
    expect(() => planDeploy(first, has('/'), at)).toThrow(
      /edge\/route-taken.*https:\/\/shop\.example\/ leads to blog-production/,
    )
    expect(planDeploy(first, has('/blog'), at).steps).not.toEqual([])
  })

  it('sets how its own certificates are had, whatever other apps of the server want', () => {
    const server = deployed(first)
    const blog = { project: 'blog-production', routes: [], settings: { email: 'ops@blog.example' } }
    const beside = { ...server, edge: { ...server.edge, apps: [blog, ...server.edge.apps] } }
    expect(planDeploy(first, beside, at).steps).toEqual([])
    const other = { ...first, edge: { email: 'ops@shop.example' } }
    const plan = planDeploy(other, beside, at)
    expect(plan.steps.map(({ kind }) => kind)).toContain('edge.configure')
    const [, own] = plan.steps.reduce(applyStep, beside).edge.apps
    expect(own!.settings).toEqual(other.edge)
  })

  it('gives the edge its routes again after whoever did was cut, and asks who answers', () => {
    const server = deployed(first)
    const apps = server.edge.apps.map((app) => ({ ...app, pending: true as const }))
    const cut = { ...server, edge: { ...server.edge, apps } }
    const plan = planDeploy(first, cut, at)
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['edge.configure', 'edge.prove'])
    expect(plan.steps.reduce(applyStep, cut).edge.apps).toEqual(server.edge.apps)
  })

  it('touches only what changed, and stops the old only after the commit', () => {
    const plan = planDeploy(shop({ db: 1, api: 1, web: 2, scheduler: 1 }), deployed(first), at)
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
    const plan = planDeploy(shop({ db: 1, api: 1, web: 1, scheduler: 2 }), deployed(first), at)
    const retire = plan.steps.find((step) => step.kind === 'service.retire')!
    expect(retire.danger).toBe('downtime')
    expect(plan.steps.indexOf(retire)).toBeLessThan(
      plan.steps.findIndex((step) => step.kind === 'service.start'),
    )
  })

  it('puts back what was changed by hand', () => {
    const server = deployed(first)
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

  it('goes on with a migration under the name that a former version gave it, and clears it away', () => {
    const former = 'shop-production_migrate-r1'
    const begun = (step: AnyStep): AnyStep => {
      if (step.kind === 'job.run')
        return { ...step, params: { spec: { ...step.params.spec, Name: former } } }
      if (step.kind !== 'release.open') return step
      const { release } = step.params
      const migration = { ...release.migration!, swarmService: former }
      return { ...step, params: { release: { ...release, migration } } }
    }
    const { steps } = planDeploy(first, emptyServer(), at)
    const migrated = steps.findIndex(({ kind }) => kind === 'job.run') + 1
    const cut = steps.slice(0, migrated).map(begun).reduce(applyStep, emptyServer())
    const again = planDeploy(first, cut, at)
    const jobs = again.steps.filter(({ kind }) => kind === 'job.run')
    expect(jobs.map(({ target }) => target)).toEqual([former])
    for (const wanted of [first, shop({ db: 1, api: 2, web: 1, scheduler: 1 })])
      expect(deployed(wanted, cut).services.filter(({ role }) => role === 'job')).toEqual([])
  })

  it('runs the migration beside a service of that name, and removes the migration alone', () => {
    const named = first.services.map((each) =>
      each.service === 'web'
        ? {
            ...each,
            service: 'migrate',
            specFor: (release: number) => ({
              ...each.specFor(release),
              Name: releasedName(project, 'migrate', release),
            }),
          }
        : each,
    )
    const routes = first.routes.map((route) => ({ ...route, service: 'migrate' }))
    const after = deployed({ ...first, services: named, routes })
    expect(after.services.map(({ name }) => name)).toContain('shop-production_migrate-r1')
  })

  it('does not take what was lost for what is wanted: numbers go past services whose records are gone', () => {
    const second = shop({ db: 1, api: 2, web: 1, scheduler: 1 })
    const server = { ...deployed(second, deployed(first)), releases: [], current: null }
    const plan = planDeploy(second, server, at)
    expect(plan.title).toBe('release 3 of shop (production) on main')
    expect(plan.steps.map((step) => step.target)).toContain('shop-production_api-r3')
  })
})
