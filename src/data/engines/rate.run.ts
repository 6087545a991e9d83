import { setTimeout as wait } from 'node:timers/promises'
import type { Engine } from '../../io/engine/engine.ts'
import { cores } from '../../io/host/resources.ts'
import { messageOf } from '../../problem/problem.ts'
import { shareFor } from './share.ts'

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
): Promise<Result> => {
  if (rate === undefined) return act()
  const over = new AbortController()
  const held = hold(rate, engine, container, over.signal).catch((error: unknown) => {
    if (!over.signal.aborted) note(`not held to its rate: ${messageOf(error)}`)
  })
  try {
    return await act()
  } finally {
    over.abort()
    await held
  }
}

const hold = async (rate: number, engine: Engine, container: string, over: AbortSignal) => {
  const most = cores()
  let share = shareFirst
  let aheadS = 0
  let { bytes, at } = await receivedBy(engine, container)
  while (!over.aborted) {
    await engine.containers.update(container, processorsOf(share))
    await wait(lookMs, undefined, { signal: over }).catch(() => undefined)
    if (over.aborted) break
    const now = await receivedBy(engine, container)
    const seconds = Math.max(0.001, (now.at - at) / 1000)
    const came = now.bytes - bytes
    aheadS = Math.max(-behindMostS, aheadS + came / rate - seconds)
    share = shareFor({ share, rate, came: came / seconds, aheadS }, most)
    ;({ bytes, at } = now)
  }
  // What follows in the same container is little, and need not be slow.
  await engine.containers.update(container, processorsOf(most))
}

/** Of all its networks; a container that works on data has one. */
const receivedBy = async (engine: Engine, container: string) => {
  const { networks = {} } = await engine.containers.statsNow(container)
  const bytes = Object.values(networks).reduce((sum, { rx_bytes: each }) => sum + each, 0)
  return { bytes, at: performance.now() }
}

const periodUs = 100_000

/** As the kernel counts processors: microseconds of each period. */
const processorsOf = (share: number) => ({
  CpuPeriod: periodUs,
  CpuQuota: Math.max(1_000, Math.round(share * periodUs)),
})
