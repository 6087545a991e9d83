import { Problem } from '../../problem/problem.ts'
import type { Configured } from '../model.ts'

/** A drill has the environment's own values: what they lead to elsewhere is what serves, and would be replaced. */
export const refuseElsewhere = ({ datasets }: Configured) => {
  const elsewhere = datasets.filter(({ from }) => from !== 'service').map(({ name }) => name)
  if (elsewhere.length === 0) return
  throw new Problem({
    code: 'config/drill-elsewhere',
    summary: 'A drill would restore into the live database.',
    detail: `${elsewhere.join(', ')} is not a service of the app: the server of a drill would reach the same database as the one that serves.`,
    fix: ['zarpe backup verify --from <store>    # restored somewhere throw-away, and compared'],
  })
}
