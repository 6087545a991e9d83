/** What a container has been given of the processors and what came of it. */
export type Held = {
  /** Processors, such as 0.5. */
  share: number
  /** Bytes a second that are wanted, and that came since the last look. */
  rate: number
  came: number
  /** Seconds by which it is ahead of its rate, up to now. */
  aheadS: number
}

const least = 0.01
/** A step of more would swing: what came before a look says little of what comes after a large change. */
const stepMost = 2
/** In so many seconds an advance is to be made good. */
const settleS = 4

/** The share of the processors with which it will come at the rate that is wanted; never so little that it stands still. */
export const shareFor = ({ share, rate, came, aheadS }: Held, most: number): number => {
  const wanted = rate * Math.max(0, 1 - aheadS / settleS)
  const factor = came > 0 ? wanted / came : stepMost
  const next = share * Math.min(stepMost, Math.max(1 / stepMost, factor))
  return Math.min(most, Math.max(least, next))
}
