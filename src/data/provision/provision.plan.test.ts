import { describe, expect, it } from 'vitest'
import { applyStep, emptyServer, shop } from '../../../test/twin.ts'
import { explain } from '../../plan/explain.ts'
import { planAbort } from '../../release/recover/abort.plan.ts'
import { planDeploy } from '../../release/deploy/deploy.plan.ts'
import { planRollback } from '../../release/rollback/rollback.plan.ts'
import type { Observed } from '../../release/model.ts'
import type { ProvisionWanted } from './model.ts'

const at = '2026-01-31T12:00:00.000Z'
const main: ProvisionWanted = {
  dataset: 'main',
  source: { from: 'service', service: 'db', database: null },
  extensions: ['citext'],
  owner: null,
  roles: [{ name: 'reporter', password: 'zq-password', read: ['public'], write: [] }],
}
const wanted = (api = 1) => ({
  ...shop({ db: 1, api, web: 1, scheduler: 1 }),
  provision: [main],
})
const seeing = (server: Observed, missing: string[] | null): Observed => ({
  ...server,
  provision: [{ dataset: 'main', missing }],
})
const kinds = (steps: { kind: string; target: string; cause: string }[]) =>
  steps.map(({ kind, target, cause }) => `${kind} ${target}: ${cause}`)
const released = () => {
  const empty = seeing(emptyServer(), null)
  return planDeploy(wanted(), empty, at).steps.reduce(applyStep, empty)
}

describe('provisioning', () => {
  it('comes when the database is healthy, before the migration, and again after it', () => {
    const plan = planDeploy(wanted(), seeing(emptyServer(), null), at)
    const lines = kinds(plan.steps)
    const first = lines.indexOf('data.provision main: what it has is seen once it runs')
    expect(lines[first - 1]).toMatch(/^service.await shop-production_db/)
    expect(lines[first + 1]).toMatch(/^job.run/)
    expect(lines[first + 2]).toBe(
      'data.provision main: what the migration has made is for its roles too',
    )
    expect(new Set(plan.steps.map(({ id }) => id)).size).toBe(plan.steps.length)
    expect(explain(plan).join('\n')).not.toContain('zq-password')
  })

  it('plans nothing where nothing is missing, and no release for what is', () => {
    expect(planDeploy(wanted(), seeing(released(), []), at).steps).toEqual([])
    const drifted = seeing(released(), ['reporter reads public', 'a', 'b', 'c', 'd', 'e'])
    const plan = planDeploy(wanted(), drifted, at)
    expect(kinds(plan.steps)).toEqual([
      'data.provision main: missing: reporter reads public, a, b, c and 2 more',
    ])
    expect(plan.steps[0]!.danger).toBeUndefined()
  })

  it('says that a password that changes with a release is another for what serves', () => {
    const plan = planDeploy(wanted(2), seeing(released(), ['password of reporter']), at)
    const step = plan.steps.find(({ kind }) => kind === 'data.provision')
    expect(step).toMatchObject({ danger: 'downtime', params: { release: 2, makeSchemas: false } })
  })

  it('is undone for passwords when the release is taken back', () => {
    const server = seeing(released(), ['password of reporter'])
    const plan = planDeploy(wanted(2), server, at)
    const cut = plan.steps.slice(0, -6).reduce(applyStep, server)
    const failed = cut.releases.at(-1)!
    const replaced = [{ dataset: 'main', role: 'reporter', release: failed.number }]
    const seen = { ...cut, data: { ...cut.data, replaced } }
    expect(kinds(planAbort(seen, failed, 'it failed'))).toContain(
      'data.passwords-back reporter: release 2 is taken back',
    )
    // The next release wants the same password, which is then put back first.
    const next = planDeploy(wanted(3), seeing(seen, []), at).steps.map(({ id }) => id)
    expect(next).toContain('back/data.passwords-back')
    expect(next).toContain('data.provision/main')
    const older = [{ ...replaced[0]!, release: 1 }]
    const other = planAbort({ ...cut, data: { ...cut.data, replaced: older } }, failed, 'it failed')
    expect(kinds(other).join()).not.toContain('passwords-back')
  })

  it('gives a release that is brought back the passwords that it knows', () => {
    const server = seeing(released(), ['password of reporter'])
    const twice = planDeploy(wanted(2), server, at).steps.reduce(applyStep, server)
    const replaced = [{ dataset: 'main', role: 'reporter', release: 2 }]
    const options = {
      to: null,
      by: 'tester',
      at,
      title: 'shop',
      healthyWithinMs: 1,
      keep: 3,
      data: null,
    }
    const back = planRollback({ ...twice, data: { ...twice.data, replaced } }, options)
    const lines = kinds(back.steps)
    const step = lines.indexOf('data.passwords-back reporter: release 1 knows those')
    expect(back.steps[step]).toMatchObject({ danger: 'downtime', params: { to: 1, release: 3 } })
    expect(step).toBeLessThan(lines.findIndex((line) => line.startsWith('service.start')))
    expect(planRollback(twice, options).steps.map(({ kind }) => kind)).not.toContain(
      'data.passwords-back',
    )
  })
})
