import { nearestStore } from '../../data/backup/chain.ts'
import { lentKeys } from '../../data/backup/key.command.ts'
import { restoreNames, weighRestore } from '../../data/methods.ts'
import { ageText, lossLines } from '../../data/catalogue/render.ts'
import type { AgentConnection } from '../../io/ssh/connect.ts'
import { backupsBackTo } from './data-back.plan.ts'
import { mendCommit } from '../recover/mend.plan.ts'
import type { Observed } from '../model.ts'
import { type RollbackOptions, rollbackTarget } from './rollback.plan.ts'

/** The backups that a rollback would restore, with what that would cost. */
export const dataFor = async (
  { wire }: AgentConnection,
  seen: Observed,
  to: number | null,
): Promise<NonNullable<RollbackOptions['data']>> => {
  const { observed } = mendCommit(seen)
  const { project } = observed
  const backups = backupsBackTo(observed, rollbackTarget(observed, to))
  if (backups.length === 0)
    return { restores: [], notes: ['no release since has migrated: the data stays as it is'] }
  const notes: string[] = []
  const restores = []
  for (const backup of backups) {
    const params = { project, id: backup.id }
    const losses = await wire.call(weighRestore, params)
    const names = await wire.call(restoreNames, params)
    const from = nearestStore(observed.data.backups, backup)
    const keys = await lentKeys({ wire }, observed.data.backups, backup, from)
    restores.push({ backup, from, keys, names })
    notes.push(
      `${backup.dataset} goes back to ${backup.id}: everything of the last ${ageText(backup.id, observed.data.now)} is lost`,
      ...lossLines(losses).map((line) => `  ${line}`),
      `  what is live now stays as ${names.aside}`,
    )
  }
  return { restores, notes }
}
