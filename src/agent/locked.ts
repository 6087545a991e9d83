import { minuteOf } from '../problem/minute.ts'
import { Problem } from '../problem/problem.ts'

/** Who changes something on a server at this moment. */
type Holder = { by: string; verb: string; since: string; pid?: number }

/** Somebody else's run is under way; null if nobody knows whose. */
export const locked = (scope: string, holder: Holder | null) =>
  new Problem({
    code: 'agent/locked',
    summary: 'Somebody else is changing this on the server.',
    detail: holder
      ? `${whoRuns(scope, holder)}.`
      : `A process on the server holds the lock of ${scope}, but the file that names it is gone.`,
    fix: ['Wait until it has ended, then run the same command again.', 'zarpe status'],
  })

const whoRuns = (scope: string, { by, verb, since, pid }: Holder) => {
  const process = pid === undefined ? '' : ` (process ${pid} on the server, alive)`
  return `${by} has been running "zarpe ${verb}" on ${scope} since ${minuteOf(since)} UTC${process}`
}
