import { describe, expect, it } from 'vitest'
import { applyStep, emptyServer, shop } from '../../../test/twin.ts'
import { explain } from '../../plan/explain.ts'
import { journalled } from '../../plan/journal.ts'
import { planAbort } from '../recover/abort.plan.ts'
import { planDeploy } from '../deploy/deploy.plan.ts'
import type { Observed } from '../model.ts'
import { planRemove } from '../remove/remove.plan.ts'
import { planRollback } from '../rollback/rollback.plan.ts'
import { sealRelease } from '../records/sealed-record.ts'

const at = '2026-01-31T12:00:00.000Z'
const back = {
  to: null,
  by: 'tester@laptop',
  at,
  title: 'shop',
  healthyWithinMs: 60_000,
  keep: 3,
  data: null,
}
const wanted = (key: number, web = 1) => shop({ db: 1, api: 1, web, scheduler: 1, key })
const deploy = (key: number, server: Observed = emptyServer(), web = 1) =>
  planDeploy(wanted(key, web), server, at).steps.reduce(applyStep, server)

const kinds = (server: Observed, key: number) =>
  planDeploy(wanted(key), server, at).steps.map(
    ({ kind, target }) => `${kind} ${target.replace(/-[0-9a-f]{16}$/, '-…')}`,
  )

describe('a secret that services mount', () => {
  it('is made before anything that mounts it, and once', () => {
    const steps = kinds(emptyServer(), 1)
    expect(steps.filter((step) => step.startsWith('secret.'))).toEqual([
      'secret.create shop-production_key-…',
    ])
    expect(steps.indexOf('secret.create shop-production_key-…')).toBeLessThan(
      steps.indexOf('service.apply shop-production_db'),
    )
    expect(kinds(deploy(1), 1)).toEqual([])
    expect(deploy(1).secrets).toHaveLength(1)
  })

  it('is rotated by replacing those that mount it, and no other', () => {
    const steps = kinds(deploy(1), 2)
    expect(steps).toEqual([
      'release.open 2',
      'secret.create shop-production_key-…',
      'service.apply shop-production_db',
      'service.await shop-production_db',
      'job.run shop-production__migrate-r2',
      'service.start shop-production_api-r2',
      'service.await shop-production_api-r2',
      'edge.prove shop-production',
      'release.commit 2',
      'service.retire shop-production_api-r1',
      'edge.prove shop-production',
      'service.remove shop-production__migrate-r2',
    ])
    const plan = planDeploy(wanted(2), deploy(1), at)
    expect(plan.notes).toContain('change: api: secret (/run/secrets/key)')
    expect(plan.notes.some((note) => note.includes('web'))).toBe(false)
  })

  it('goes with the last kept release that mounts it', () => {
    let server = deploy(1)
    const [first] = server.secrets
    server = deploy(2, server)
    expect(server.secrets).toContain(first)
    expect(planRollback(server, back).steps.reduce(applyStep, server).secrets).toHaveLength(2)
    server = deploy(2, deploy(2, server, 2), 3)
    expect(server.secrets).toHaveLength(1)
    expect(server.secrets).not.toContain(first)
    expect(planRemove(server, 'shop').steps.reduce(applyStep, server).secrets).toEqual([])
  })

  it('goes again with a release that failed, wherever that was', () => {
    const before = deploy(1)
    const { steps } = planDeploy(wanted(2), before, at)
    for (let cut = 1; cut < steps.findIndex(({ kind }) => kind === 'release.commit'); cut++) {
      const server = steps.slice(0, cut).reduce(applyStep, before)
      const failed = server.releases.find(({ state }) => state === 'starting')!
      const after = planAbort(server, failed, 'it failed').reduce(applyStep, server)
      expect(after.secrets).toEqual(before.secrets)
    }
  })

  it('that somebody removed refuses a rollback before anything is touched', () => {
    const server = deploy(2, deploy(1))
    expect(() => planRollback({ ...server, secrets: [] }, back)).toThrow('release/secret-gone')
  })

  it('is in no record, no journal and no plan that is shown', () => {
    const content = /zq-content|enEtY29udGVudC/
    const plan = planDeploy(wanted(1), emptyServer(), at)
    expect(JSON.stringify(plan)).toMatch(content)
    expect(JSON.stringify(journalled(plan))).not.toMatch(content)
    expect(explain(plan).join('\n')).not.toMatch(content)
    const [release] = deploy(1).releases
    expect(JSON.stringify(release)).not.toMatch(content)
    expect(JSON.stringify(sealRelease(Buffer.alloc(32), release!))).not.toMatch(content)
  })

  it('has a name that tells its content only to those who have the key', () => {
    const names = (key: string) =>
      shop({ db: 1, api: 1, web: 1, scheduler: 1, key: 1 }, key).secrets.map(({ name }) => name)
    expect(names('a')).toEqual(names('a'))
    expect(names('a')).not.toEqual(names('b'))
  })
})
