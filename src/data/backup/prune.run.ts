import type { Runner } from '../../plan/runner.ts'
import { Problem } from '../../problem/problem.ts'
import { copyName, manifestName } from '../catalogue/backup-name.ts'
import { amendBackup, forgetBackup, readBackup, readBackups } from '../catalogue/catalogue.run.ts'
import { inspectData } from '../catalogue/inspect.ts'
import { withData } from '../lock.run.ts'
import { refusedOfRun } from '../catalogue/state.ts'
import type { Store, StoreContext } from '../store.ts'
import { withStore } from '../store.run.ts'
import { neededFor } from './chain.ts'

/** Removes copies from a store, each manifest first: a copy without one counts as none. */
export const runPrune: Runner<'backup.prune'> = ({ project, store: name, ids }, context) =>
  withData(project, context, () =>
    withStore(project, name, async (store) => {
      const backups = await readBackups(project)
      const staying = backups.filter(({ id, copies }) => copies[name] && !ids.includes(id))
      // The plan was made before this run's own backup was taken, which may build on one of them.
      const needed = neededFor(backups, staying)
      for (const backup of backups) {
        const { id, copies } = backup
        const copy = copies[name]
        if (!ids.includes(id) || copy?.state !== 'stored' || needed.has(backup)) continue
        context.note(id)
        await removeCopy(store, { project, id, name }, copy.encrypted, context)
      }
    }),
  )

/** Removes one copy from a store, and what is known of the backup with the last. */
export const removeCopy = async (
  store: Store,
  { project, id, name }: { project: string; id: string; name: string },
  encrypted: boolean,
  context: StoreContext,
) => {
  await store.remove(manifestName(project, id, encrypted), context)
  await store.remove(copyName(project, id, encrypted), context)
  await amendBackup(project, id, ({ copies: { [name]: _gone, ...others }, ...rest }) => ({
    ...rest,
    copies: others,
  }))
  const left = Object.values((await readBackup(project, id))?.copies ?? {})
  if (!left.some((each) => each.state === 'stored')) await forgetBackup(project, id)
}

/** Fails if a store refused a copy of what the run was about: everything else has been done by now. */
export const runConclude: Runner<'backup.conclude'> = async ({ project, ids }) => {
  const refused = refusedOfRun(ids, await inspectData(project))
  if (refused.length === 0) return
  const stores = [...new Set(refused.map(({ store }) => store))]
  throw new Problem({
    code: 'data/not-stored',
    summary: 'A store did not take a backup.',
    detail: `${stores.join(', ')}: ${refused.at(-1)!.problem} The copy on the server stays and is sent again with the next backup.`,
    fix: ['zarpe backup now', 'zarpe backup list'],
    evidence: refused
      .slice(0, 12)
      .map(({ backup, store, problem }) => `${backup.id} → ${store}: ${problem}`),
  })
}
