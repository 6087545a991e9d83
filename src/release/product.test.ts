import { expect, it } from 'vitest'
import { applyStep, asked, at, deployed, emptyServer, shop } from '../../test/twin.ts'
import { planDeploy } from './deploy/deploy.plan.ts'
import { planRollback } from './rollback/rollback.plan.ts'
import { refuseOther } from './product.ts'

const first = shop({ db: 1, api: 1, web: 1, scheduler: 1 })
const second = shop({ db: 1, api: 2, web: 1, scheduler: 1 })
const other = { app: 'shop-production', environment: 'eu' }

it('an app whose name and environment make the same project is refused, from the first record on', () => {
  const wanted = { ...first, product: other }
  const refused = /release\/other-app.*which is app "shop" in "production"/
  expect(() => planDeploy(wanted, deployed(first), at)).toThrow(refused)
  const open = planDeploy(first, emptyServer(), at).steps.find(
    ({ kind }) => kind === 'release.open',
  )!
  expect(() => planDeploy(wanted, applyStep(emptyServer(), open), at)).toThrow(refused)
})

it('a record of an older version belongs to whoever asks, and does not hide a newer one', () => {
  const server = deployed(second, deployed(first))
  const olderOf = (numbers: number[]) => ({
    ...server,
    releases: server.releases.map(({ product, ...release }) =>
      product && !numbers.includes(release.number) ? { ...release, product } : release,
    ),
  })
  expect(() => refuseOther(olderOf([1, 2]), other)).not.toThrow()
  const back = planRollback(olderOf([1]), { ...asked, to: 1, data: null })
  const after = back.steps.reduce(applyStep, olderOf([1]))
  expect(() => refuseOther(after, other)).toThrow('release/other-app')
  expect(() => refuseOther(after, first.product)).not.toThrow()
})
