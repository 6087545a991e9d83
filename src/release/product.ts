import type { Observed, Product } from './model.ts'
import { otherProduct } from './problems.ts'

/** `shop-eu` in `prod` and `shop` in `eu-prod` are one project by name: neither may act on what is the other's. */
export const refuseOther = ({ releases }: Pick<Observed, 'releases'>, ours: Product): void => {
  const theirs = releases.findLast(({ product }) => product !== undefined)?.product
  if (!theirs) return
  if (theirs.app !== ours.app || theirs.environment !== ours.environment)
    throw otherProduct(ours, theirs)
}
