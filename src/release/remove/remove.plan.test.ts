import { expect, it } from 'vitest'
import { applyStep, emptyServer, shop } from '../../../test/twin.ts'
import { planDeploy } from '../deploy/deploy.plan.ts'
import { planRemove } from './remove.plan.ts'

const at = '2026-01-31T12:00:00.000Z'
const wanted = shop({ db: 1, api: 1, web: 1, scheduler: 1 })

it('leaves nothing of the project behind', () => {
  const there = planDeploy(wanted, emptyServer(), at).steps.reduce(applyStep, emptyServer())
  const gone = planRemove(there, 'shop').steps.reduce(applyStep, there)
  expect(gone).toMatchObject({ services: [], network: null, releases: [], current: null })
  expect(gone.edge.apps).toEqual([])
  expect(Object.values(gone.images)).not.toContain(true)
})

it('says so when there is nothing', () => {
  expect(() => planRemove(emptyServer(), 'shop')).toThrow(/nothing of shop to remove/)
})
