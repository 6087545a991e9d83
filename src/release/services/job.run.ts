import type { RunContext, Runner } from '../../plan/runner.ts'
import type { Task } from '../../io/engine/types.ts'
import { evidenceOf } from './evidence.run.ts'
import { label } from '../model.ts'
import { migrationFailed } from './problems.ts'
import { withSecretIds } from '../secrets/secret.run.ts'
import { reasonOf } from './verdict.ts'

const pollMs = 150

/**
 * Runs a task to its end. The service is the memory of it: if a run is taken up again after a crash,
 * a job that ended well is not started a second time, and one that still runs is waited for. One
 * that failed meanwhile, as in a power cut, is tried anew.
 */
export const runJob: Runner<'job.run'> = async ({ spec }, context) => {
  const service = spec.Labels[label.service]!
  const found = await context.engine.services.find(spec.Name)
  const before = found ? await onlyTask(spec.Name, context) : undefined
  const failedBefore = before !== undefined && hasFailed(before)
  if (failedBefore) await context.engine.services.remove(spec.Name)
  if (!found || failedBefore)
    await context.engine.services.create(await withSecretIds(context.engine, spec))
  for (;;) {
    const task = await onlyTask(spec.Name, context)
    if (task?.Status.State === 'complete') return
    if (task && hasFailed(task))
      throw migrationFailed(
        spec.Name,
        service,
        reasonOf(task),
        await evidenceOf(context.engine, task),
      )
    context.note(task ? `it is ${task.Status.State}` : 'it is being placed')
    if (context.signal.aborted) {
      const reason = `it did not end within ${context.step.limitMs / 1000} s`
      throw migrationFailed(
        spec.Name,
        service,
        reason,
        task ? await evidenceOf(context.engine, task) : [],
      )
    }
    await context.sleep(pollMs)
  }
}

const hasFailed = (task: Task) =>
  ['failed', 'rejected', 'orphaned', 'shutdown'].includes(task.Status.State)

const onlyTask = async (name: string, context: RunContext): Promise<Task | undefined> => {
  const tasks = await context.engine.services.tasks({ service: [name] })
  return tasks.toSorted((left, right) => right.CreatedAt.localeCompare(left.CreatedAt))[0]
}
