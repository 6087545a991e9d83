import type { Task, TaskSpec, TaskState } from '../../io/engine/types.ts'
import { canonical } from '../../plan/fingerprint.ts'

/** What the tasks of one service say about its release, at one moment. */
export type Verdict =
  /** `since`: in ms, when the last of them became so. `crashed`: one that failed before, how long it lived and why it ended. */
  | { is: 'healthy'; since: number; crashed: { afterMs: number; reason: string } | null }
  | { is: 'starting'; text: string }
  | { is: 'failed'; task: Task; reason: string; tries: number }

const ended = new Set<TaskState>([
  'failed',
  'rejected',
  'complete',
  'shutdown',
  'orphaned',
  'remove',
])

/**
 * How a task ends that nobody asked to. One is complete that exits with 0, be it by itself or because Swarm stops what is
 * unhealthy: a service has to run on either way.
 */
const failed = new Set<TaskState>(['failed', 'rejected', 'complete'])

/** A task that never got healthy is given one more try: the first may meet a neighbour starting. */
export const triesMax = 2

/** What Swarm replaces a task for, as far as the engine tells it of services and of tasks in one form. */
const runs = ({ ContainerSpec, Resources, ForceUpdate }: TaskSpec) =>
  canonical({ ContainerSpec, Resources, ForceUpdate })

/** Whether a task runs what the service was before it was updated: Swarm takes a moment to begin with the next one. */
export const isOutdated = (task: Pick<Task, 'Spec'>, template: TaskSpec): boolean =>
  runs(task.Spec) !== runs(template)

/**
 * Decides from a service's tasks whether it runs as wanted. `changedAt` is when the service was last
 * created, updated or scaled: what failed before that says nothing about now.
 */
export const verdictOf = (tasks: Task[], replicas: number, changedAt: string): Verdict => {
  const own = tasks.filter((task) => task.CreatedAt >= changedAt || !ended.has(task.Status.State))
  const failures = own
    .filter((task) => failed.has(task.Status.State))
    .toSorted((left, right) => left.Status.Timestamp.localeCompare(right.Status.Timestamp))
  const rejected = failures.find((task) => task.Status.State === 'rejected')
  const last = rejected ?? failures.at(-1)
  if (last && (rejected || failures.length >= triesMax))
    return { is: 'failed', task: last, reason: reasonOf(last), tries: failures.length }
  const live = own.filter(
    (task) => task.DesiredState === 'running' && !ended.has(task.Status.State),
  )
  const running = live.filter((task) => task.Status.State === 'running')
  if (running.length >= replicas) {
    const times = running.map((task) => Date.parse(task.Status.Timestamp))
    const crashed = last ? { afterMs: lived(last), reason: reasonOf(last) } : null
    return { is: 'healthy', since: Math.max(0, ...times), crashed }
  }
  return { is: 'starting', text: startingText(live, running.length, replicas, last) }
}

const lived = (task: Task): number =>
  Math.max(0, Date.parse(task.Status.Timestamp) - Date.parse(task.CreatedAt))

/**
 * How long tasks must have run to be believed, in ms. One of a kind that has crashed before must outlive the crashed one twice, as far
 * as the time allows: where a machine is slow, a crash after some seconds comes later at times than the watch lasts. What is not
 * watched at all, such as a database that comes back, is believed at once.
 */
export const watchNeeded = (
  { since, crashed }: Pick<Verdict & { is: 'healthy' }, 'since' | 'crashed'>,
  watchMs: number,
  endsAt: number,
): number =>
  watchMs === 0 ? 0 : Math.max(watchMs, Math.min(2 * (crashed?.afterMs ?? 0), endsAt - since))

const startingText = (live: Task[], running: number, replicas: number, failure?: Task) => {
  const waiting = live.find((task) => task.Status.State !== 'running')
  const state = waiting ? `, next is ${waiting.Status.State}` : ''
  const why = waiting?.Status.Err ? ` (${waiting.Status.Err})` : ''
  // A second failure is the end.
  const tries = failure ? `, one has failed: ${reasonOf(failure)}` : ''
  return `${running} of ${replicas} healthy${state}${why}${tries}`
}

/** In one sentence, why a task ended. */
export const reasonOf = (task: Task): string => {
  const code = task.Status.ContainerStatus?.ExitCode
  const text = task.Status.Err ?? task.Status.Message ?? ''
  if (/No such image/i.test(text)) return `the image is not there: ${text}`
  if (/unhealthy container/i.test(text)) return 'its health check kept failing'
  if (code === 137) return 'it was killed (exit 137: out of memory, or it ignored the stop signal)'
  if (code !== undefined && code !== 0) return `it exited with ${code}`
  if (task.Status.State === 'complete' || code === 0)
    return 'it ended with exit 0, by itself or because its health check kept failing'
  return text || `it is ${task.Status.State}`
}
