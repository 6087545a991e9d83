import { expect, it } from 'vitest'
import { applyStep, deployed, emptyServer, shop } from '../../../test/twin.ts'
import { planRemove } from './remove.plan.ts'

const wanted = shop({ db: 1, api: 1, web: 1, scheduler: 1 })

it('leaves nothing of the project behind', () => {
  const there = deployed(wanted)
  const gone = planRemove(there, 'shop').steps.reduce(applyStep, there)
  expect(gone).toMatchObject({ services: [], network: null, releases: [], current: null })
  expect(gone.edge.apps).toEqual([])
  expect(Object.values(gone.images)).not.toContain(true)
})

it('says so when there is nothing', () => {
  expect(() => planRemove(emptyServer(), 'shop')).toThrow(/nothing of shop to remove/)
})

it('gives each service the time to stop that its own definition gives it', () => {
  const { steps } = planRemove(deployed(wanted), 'shop')
  const limitOf = (name: string) => steps.find(({ target }) => target === name)!.limitMs
  expect(limitOf('shop-production_scheduler-r1') - limitOf('shop-production_web-r1')).toBe(80_000)
})
