import { setTimeout as wait } from 'node:timers/promises'

/** To be awaited with bytes that have just passed, so that the next do not pass too soon. */
export type Pace = (bytes: number, signal: AbortSignal) => Promise<void>

type Clock = { now: () => number; sleep: (ms: number, signal: AbortSignal) => Promise<void> }

/** Shorter waits are saved up: a timer is no more exact than that. */
const leastMs = 20

const clock: Clock = {
  // A clock that is set back would have everybody wait for it.
  now: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }),
}

/**
 * Holds all who share it to so many bytes a second together; without a number nobody waits. What was not used for a
 * while is not made up for. Rejects with the signal's reason.
 */
export const paceOf = (rate: number | undefined, { now, sleep }: Clock = clock): Pace => {
  if (rate === undefined) return async () => undefined
  let paidAt = Number.NEGATIVE_INFINITY
  return async (bytes, signal) => {
    paidAt = Math.max(paidAt, now()) + (bytes / rate) * 1000
    const ms = paidAt - now()
    if (ms < leastMs) return
    try {
      await sleep(ms, signal)
    } catch (error) {
      // A timer that is aborted tells that it was, and not why.
      signal.throwIfAborted()
      throw error
    }
  }
}
