import { setTimeout as wait } from 'node:timers/promises'
import type { Engine } from '../../io/engine/engine.ts'
import { cores } from '../../io/host/machine/resources.ts'
import { messageOf } from '../../problem/problem.ts'
import { shareFor } from './share.ts'

/** Monotonic milliseconds, and a rest that ends early with the signal. */
type Clock = { now: () => number; rest: (ms: number, over: AbortSignal) => Promise<void> }

const clock: Clock = {
  now: () => performance.now(),
  rest: (ms, over) => wait(ms, undefined, { signal: over }).catch(() => undefined),
}

const lookMs = 1_000
const shareFirst = 0.1
/** An advance that is no longer made good: what was not read for a while is not made up for. */
const behindMostS = 2

type Holding = { engine: Engine; container: string; note: (text: string) => void }

/**
 * Has a container receive so many bytes a second at most for as long as `act` takes, by giving it only as much of the
 * processors: a program that dumps reads no faster than it writes. Without a number nothing is held. Whoever is killed
 * meanwhile leaves a container that is slow, and none that stands still with a lock in its hand. An engine that cannot
 * do so is told of: a backup that is too fast is better than none.
 */
export const heldTo = async <Result>(
  rate: number | undefined,
  { engine, container, note }: Holding,
  act: () => Promise<Result>,
  time = clock,
): Promise<Result> => {
  if (rate === undefined) return act()
  const over = new AbortController()
  const held = hold(rate, { engine, container, time }, over.signal).catch((error: unknown) => {
    if (!over.signal.aborted) note(`not held to its rate: ${messageOf(error)}`)
  })
  try {
    return await act()
  } finally {
    over.abort()
    await held
  }
}

/** So many looks in a row may fail before it is given up: an engine can be busy. */
const missesMax = 10

const hold = async (
  rate: number,
  { engine, container, time }: Pick<Holding, 'engine' | 'container'> & { time: Clock },
  over: AbortSignal,
) => {
  const most = cores()
  const give = (share: number) => engine.containers.update(container, processorsOf(share))
  let share = shareFirst
  let aheadS = 0
  let misses = 0
  let seen: { bytes: number; at: number } | null = null
  try {
    while (!over.aborted) {
      try {
        const now = { bytes: await receivedBy(engine, container), at: time.now() }
        if (seen) {
          const seconds = Math.max(0.001, (now.at - seen.at) / 1000)
          const came = now.bytes - seen.bytes
          aheadS = Math.max(-behindMostS, aheadS + came / rate - seconds)
          share = shareFor({ share, rate, came: came / seconds, aheadS }, most)
        }
        seen = now
        await give(share)
        misses = 0
      } catch (error) {
        if (++misses >= missesMax) throw error
      }
      await time.rest(lookMs, over)
    }
  } finally {
    // What follows in the same container is little, and need not be slow; nor is who can't be held any more.
    await give(most).catch(() => undefined)
  }
}

/** Of all its networks; a container that works on data has one. */
const receivedBy = async (engine: Engine, container: string): Promise<number> => {
  const { networks = {} } = await engine.containers.stats(container, true)
  return Object.values(networks).reduce((sum, { rx_bytes: each }) => sum + each, 0)
}

const periodUs = 100_000

/** As the kernel counts processors: microseconds of each period. */
const processorsOf = (share: number) => ({
  CpuPeriod: periodUs,
  CpuQuota: Math.max(1_000, Math.round(share * periodUs)),
})
