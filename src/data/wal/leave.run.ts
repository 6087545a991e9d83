import type { RunContext } from '../../plan/runner.ts'
import { problemsOf } from '../../problem/problem.ts'
import type { ClusterDataset } from '../model.ts'
import { archiving } from './archive.run.ts'
import { dropSlots, withLogServer } from './server.run.ts'

/**
 * The server keeps its log for nobody any more. One that does not run keeps a little of it, until it is asked for more
 * than `max_slot_wal_keep_size`; what was archived stays, as backups do, and
 * what is known of it too: it is to be had again when it is wanted again.
 */
export const leaveLog = async (
  project: string,
  dataset: ClusterDataset,
  context: RunContext,
): Promise<void> => {
  await archiving(project, dataset.name, context, async () => {
    try {
      await withLogServer(project, dataset, context, ({ session }) =>
        dropSlots(session, dataset.name),
      )
    } catch (error) {
      const [problem] = problemsOf(error)
      if (!problem) throw error
      context.note(`${dataset.service} still keeps its log: ${problem.detail}`)
    }
  })
}
