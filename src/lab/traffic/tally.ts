import type { Latency, Outcomes, RequestKind, StreamOutcomes, TrafficReport } from './model.ts'

/** Different error texts and single failures that are kept; the counts go on beyond. */
const textsMax = 30
const failuresMax = 60
const endsMax = 10_000
/** Answers slower than this share the last bucket. */
const bucketsMs = 60_000

const outcomes = (): Outcomes => ({ sent: 0, ok: 0, failed: 0, errors: {} })
const streamOutcomes = (): StreamOutcomes => ({
  opened: 0,
  messages: 0,
  failed: 0,
  endsMs: [],
  errors: {},
})

/** Adds one to a count by name, within a limit on the number of names. */
export const countText = (counts: Record<string, number>, text: string) => {
  const known = text in counts || Object.keys(counts).length < textsMax
  const key = known ? text : 'other'
  counts[key] = (counts[key] ?? 0) + 1
}

/** Everything that is counted while traffic runs. */
export const createTally = (now: () => number) => {
  const startedAt = now()
  const histogram = new Uint32Array(bucketsMs + 1)
  const total = outcomes()
  const kinds: Partial<Record<RequestKind, Outcomes>> = {}
  const releases: TrafficReport['releases'] = {}
  const failures: TrafficReport['failures'] = []
  const webSockets = { ...streamOutcomes(), closes: {} as Record<string, number> }
  const eventStreams = { ...streamOutcomes(), ended: 0, cut: 0 }
  const counts = { idleResets: 0, refusedStreams: 0, scheduleLagMs: 0 }
  const of = (kind: RequestKind) => (kinds[kind] ??= outcomes())

  const noteFailure = (kind: string, text: string) => {
    if (failures.length < failuresMax)
      failures.push({ atMs: Math.round(now() - startedAt), kind, text })
  }

  return {
    /** A stream that nobody here has ended is over. */
    streamEnded: (outcome: StreamOutcomes) => {
      if (outcome.endsMs.length < endsMax) outcome.endsMs.push(Math.round(now() - startedAt))
    },
    webSockets,
    eventStreams,
    counts,
    noteFailure,
    sent: (kind: RequestKind) => {
      total.sent++
      of(kind).sent++
    },
    ok: (kind: RequestKind, release: string | undefined, tookMs: number) => {
      total.ok++
      of(kind).ok++
      const atMs = Math.round(now() - startedAt)
      const seen = (releases[release ?? 'none'] ??= { answers: 0, firstMs: atMs, lastMs: atMs })
      seen.answers++
      seen.lastMs = atMs
      if (!kind.startsWith('slow-')) histogram[Math.min(bucketsMs, Math.round(tookMs))]!++
    },
    failed: (kind: RequestKind, text: string) => {
      for (const each of [total, of(kind)]) {
        each.failed++
        countText(each.errors, text)
      }
      noteFailure(kind, text)
    },
    report: (): TrafficReport => ({
      startedAt: new Date(startedAt).toISOString(),
      durationMs: Math.round(now() - startedAt),
      total,
      kinds,
      releases,
      latencyMs: latencyOf(histogram),
      ...counts,
      webSockets,
      eventStreams,
      failures,
    }),
  }
}

export type Tally = ReturnType<typeof createTally>

/** Reads the percentiles off a histogram with one bucket for each millisecond. */
export const latencyOf = (histogram: Uint32Array): Latency => {
  const count = histogram.reduce((sum, each) => sum + each, 0)
  const at = (share: number) => {
    let seen = 0
    const wanted = Math.ceil(count * share)
    for (const [ms, each] of histogram.entries()) {
      seen += each
      if (seen >= wanted && count > 0) return ms
    }
    return 0
  }
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}
