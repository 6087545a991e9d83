import type { Task } from '../../io/engine/types.ts'
import type { RunContext, Runner } from '../../plan/runner.ts'
import { evidenceOf } from './evidence.run.ts'
import { notHealthy, notPlaced, serviceGone } from './problems.ts'
import { isOutdated, triesMax, verdictOf, watchNeeded } from './verdict.ts'

const pollMs = 100

/** What is left of a step's time when a longer watch ends. */
const spareMs = 2_000

/** How long a start may be watched past the moment it became healthy without news. */
const notedEveryMs = 1_000

/**
 * Waits until as many tasks as wanted are healthy, then keeps watching until every one of them has
 * run for `watchMs`, or longer if one has crashed, so that a crash loop is seen before the old release goes.
 */
export const runAwait: Runner<'service.await'> = async (
  { service, replicas, watchMs },
  context,
) => {
  const healthyWithinMs = context.step.limitMs - watchMs
  const startedAt = context.now()
  let wasHealthy = false
  let text = 'no task yet'
  let notedAt = 0
  const endsAt = startedAt + context.step.limitMs - spareMs
  for (;;) {
    const verdict = await look(service, replicas, context)
    if (verdict.is === 'failed')
      throw notHealthy(service, verdict.reason, await evidenceOf(context.engine, verdict.task))
    if (verdict.is === 'healthy') {
      wasHealthy = true
      const leftMs = verdict.since + watchNeeded(verdict, watchMs, endsAt) - context.now()
      if (leftMs <= 0) return
      text = watchedText(leftMs, verdict.crashed?.reason)
    } else text = verdict.text
    if (context.now() - notedAt >= notedEveryMs) {
      context.note(text)
      notedAt = context.now()
    }
    const late = !wasHealthy && context.now() - startedAt >= healthyWithinMs
    if (late || context.signal.aborted) {
      const limitMs = wasHealthy ? context.step.limitMs : healthyWithinMs
      throw await tooLate(service, `not healthy within ${limitMs / 1000} s: ${text}`, context)
    }
    await context.sleep(pollMs)
  }
}

const watchedText = (leftMs: number, failure: string | undefined) => {
  const why = failure === undefined ? '' : `, since one has failed: ${failure}`
  return `healthy; watched for ${Math.ceil(leftMs / 1000)} s more${why}`
}

const look = async (service: string, replicas: number, context: RunContext) => {
  const found = await context.engine.services.find(service)
  if (!found) throw serviceGone(service)
  const tasks = await context.engine.services.tasks({ service: [found.ID] })
  const own = tasks.filter((task) => !isOutdated(task, found.Spec.TaskTemplate))
  return verdictOf(own, replicas, found.UpdatedAt)
}

const tooLate = async (service: string, reason: string, context: RunContext) => {
  const tasks = await context.engine.services.tasks({ service: [service] })
  const unplaced = tasks.find((task) => task.Status.State === 'pending' && task.Status.Err)
  if (unplaced) return notPlaced(service, unplaced.Status.Err!)
  return notHealthy(service, reason, await newestEvidence(tasks, context))
}

/** The newest task may be a second try that has printed nothing yet; then the first one's words count. */
const newestEvidence = async (tasks: Task[], context: RunContext): Promise<string[]> => {
  const newestFirst = tasks.toSorted((left, right) => right.CreatedAt.localeCompare(left.CreatedAt))
  for (const task of newestFirst.slice(0, triesMax + 1)) {
    const evidence = await evidenceOf(context.engine, task)
    if (evidence.length > 0) return evidence
  }
  return []
}
