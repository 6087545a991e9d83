import { describe, expect, it } from 'vitest'
import { applyStep, asked, at, deployed, emptyServer, shop } from '../../../test/twin.ts'
import type { DataSettings } from '../../data/model.ts'
import { planDeploy } from '../deploy/deploy.plan.ts'
import type { Observed, Release, Wanted } from '../model.ts'
import { planRollback } from '../rollback/rollback.plan.ts'

const first = shop({ db: 1, api: 1, web: 1, scheduler: 1 })
const second = shop({ db: 1, api: 2, web: 1, scheduler: 1 })

/** As it would be with one thing that is backed up, before migrations or not. */
const withData = (wanted: Wanted, beforeMigrations: boolean): Wanted => {
  const datasets = [{ name: 'main', beforeMigrations, expect: [] }]
  const settings = { datasets } as unknown as DataSettings
  return { ...wanted, backup: false, data: { settings, fingerprint: 'f' } }
}

const recorded = (wanted: Wanted, server: Observed): Release =>
  planDeploy(wanted, server, at).steps.flatMap((step) =>
    step.kind === 'release.open' ? [step.params.release] : [],
  )[0]!

describe('a release that migrates without a backup', () => {
  it('says so in its record', () => {
    expect(recorded(withData(second, true), deployed(first)).withoutBackup).toBe(true)
  })

  it('says nothing where there was nothing to back up', () => {
    for (const release of [
      recorded(withData(second, false), deployed(first)),
      recorded(withData(shop({ db: 1, api: 1, web: 2, scheduler: 1 }), true), deployed(first)),
      recorded(withData(first, true), emptyServer()),
      recorded({ ...second, backup: false }, deployed(first)),
      recorded(second, deployed(first)),
    ])
      expect(release).not.toHaveProperty('withoutBackup')
  })

  it('keeps saying so when it is taken up again with a backup', () => {
    const wanted = withData(second, true)
    const open = planDeploy(wanted, deployed(first), at).steps.find(
      ({ kind }) => kind === 'release.open',
    )
    const cut = applyStep(deployed(first), open!)
    expect(recorded({ ...second, backup: true }, cut).withoutBackup).toBe(true)
  })

  it('is brought back by a rollback that migrates nothing and says nothing of the kind', () => {
    const server = deployed(second, deployed(first))
    const marked = server.releases.map((each) => ({ ...each, withoutBackup: true as const }))
    const plan = planRollback({ ...server, releases: marked }, { ...asked, to: 1, data: null })
    const open = plan.steps.find(({ kind }) => kind === 'release.open')
    expect(open!.params).not.toHaveProperty('release.withoutBackup')
  })
})
