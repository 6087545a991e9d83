import { Problem } from '../../problem/problem.ts'
import { storesWith } from '../backup/chain.ts'
import { takenAtOf } from '../catalogue/backup-name.ts'
import { newestToRestore } from '../catalogue/newest.ts'
import type { Backup, Configured } from '../model.ts'
import type { DrillReport } from './drill.render.ts'

/** The backup of each dataset that a restore would take of those in a store. `now`: when a loss would happen. */
export const newestIn = (
  { datasets }: Configured,
  backups: Backup[],
  store: string,
  now: string,
): DrillReport['datasets'] =>
  datasets.map(({ name, kind }) => {
    const stored = backups.filter(
      (each) => each.dataset === name && storesWith(backups, each).includes(store),
    )
    const newest = newestToRestore(backups, stored, now)
    if (!newest) throw nothingStored(name, store)
    const ageMs = Date.parse(now) - Date.parse(takenAtOf(newest.id))
    return { dataset: name, kind, backup: newest.id, ageMs }
  })

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

export const noStore = () =>
  new Problem({
    code: 'config/no-store',
    summary: 'There is no store to restore from.',
    detail:
      'Copies on the server itself are lost with it; zarpe.yml names no other place for them.',
    fix: ['Add one under `stores` (docs/guide/stores.md), then: zarpe deploy', 'zarpe backup now'],
  })

const nothingStored = (dataset: string, store: string) =>
  new Problem({
    code: 'data/nothing-stored',
    summary: 'There is no backup to restore.',
    detail: `"${store}" has no backup of "${dataset}" that is known of.`,
    fix: ['zarpe backup now', `zarpe backup find ${store}`],
  })
