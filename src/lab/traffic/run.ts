import { setTimeout as sleep } from 'node:timers/promises'
import { keepEventStreams } from './eventstreams.ts'
import type { PacedKind, RequestKind, TrafficOptions, TrafficReport } from './model.ts'
import { openRequests } from './requests.ts'
import { createTally } from './tally.ts'
import { targetOf } from './target.ts'
import { keepWebSockets } from './websockets.ts'

const tickMs = 4
/** Requests under way at once; what is due beyond is counted as failed, not sent. */
const inFlightMax = 4_000

/** Traffic that runs in this process. `stop` ends it and waits for what is still under way. */
export const runTraffic = (options: TrafficOptions) => {
  const target = targetOf(options)
  const tally = createTally(() => Date.now())
  const requests = openRequests(options, target, tally)
  const stopped = new AbortController()
  const pacer = pace(options, target.secure, (kind, lagMs) => {
    tally.counts.scheduleLagMs = Math.max(tally.counts.scheduleLagMs, Math.round(lagMs))
    if (requests.inFlight.size < inFlightMax) void requests.begin(kind)
    else {
      tally.sent(kind)
      tally.failed(kind, `not sent: ${inFlightMax} under way`)
    }
  })
  const kept = [
    keepSlow(options, target.secure, stopped.signal, requests.begin),
    keepWebSockets(options, target, tally, stopped.signal),
    keepEventStreams(options, target, tally, stopped.signal),
  ]
  return {
    stop: async (): Promise<TrafficReport> => {
      pacer.stop()
      stopped.abort()
      const ended = Promise.all([...kept, ...requests.inFlight])
      await Promise.race([ended, sleep(options.limitMs + 5_000, undefined, { ref: false })])
      requests.close()
      return tally.report()
    },
  }
}

/** Calls `send` at the moments of a fixed schedule: a slow server never slows it down. */
const pace = (
  options: TrafficOptions,
  secure: boolean,
  send: (kind: RequestKind, lagMs: number) => void,
) => {
  const order = orderOf(options.mix, secure)
  const startedAt = performance.now()
  const gapMs = 1000 / options.ratePerSecond
  let count = 0
  const timer = setInterval(() => {
    const now = performance.now()
    while (order.length > 0 && startedAt + count * gapMs <= now) {
      send(order[count % order.length]!, now - (startedAt + count * gapMs))
      count++
    }
  }, tickMs)
  return { stop: () => clearInterval(timer) }
}

/** Spreads the kinds evenly over one round, in proportion to their shares. */
export const orderOf = (mix: TrafficOptions['mix'], secure: boolean): PacedKind[] => {
  const shares = Object.entries(mix)
    .map(([kind, share]) => [kind as PacedKind, share ?? 0] as const)
    .filter(([kind, share]) => share > 0 && (secure || !kind.endsWith('-http2')))
  return shares
    .flatMap(([kind, share]) =>
      Array.from({ length: share }, (_each, index) => ({ kind, at: (index + 0.5) / share })),
    )
    .toSorted((left, right) => left.at - right.at)
    .map((each) => each.kind)
}

/** Keeps a number of slow requests under way, over every kind of connection. */
const keepSlow = (
  options: TrafficOptions,
  secure: boolean,
  stopped: AbortSignal,
  begin: (kind: RequestKind) => Promise<void>,
) => {
  const kinds: RequestKind[] = secure
    ? ['slow-new', 'slow-reused', 'slow-http2']
    : ['slow-new', 'slow-reused']
  return Promise.all(
    Array.from({ length: options.slowAtOnce }, async (_each, index) => {
      // Begun one after the other, so that at any moment one of them is near its end.
      await sleep(index * 300)
      while (!stopped.aborted) {
        const begun = performance.now()
        await begin(kinds[index % kinds.length]!)
        // An answer at once is a failure; without this pause it would become a flood.
        if (performance.now() - begun < 100) await sleep(100)
      }
    }),
  )
}
