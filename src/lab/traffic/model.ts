/** The ways in which a request can be made; a proxy can lose each of them for its own reasons. */
export const requestKinds = [
  'get-reused',
  'get-new',
  'post-reused',
  'post-new',
  'get-http2',
  'post-http2',
  'slow-reused',
  'slow-new',
  'slow-http2',
] as const

export type RequestKind = (typeof requestKinds)[number]

/** The kinds that are sent on a schedule; the slow ones are kept in flight instead. */
export type PacedKind = Exclude<RequestKind, `slow-${string}`>

export type TrafficOptions = {
  /** What a browser would show, such as `https://hello.example`. */
  url: string
  /** Where to connect to in place of the name's own address. */
  address: string
  /** PEM of the root to trust; null trusts what the system trusts. */
  ca: string | null
  ratePerSecond: number
  /** Slow requests that are always under way. */
  slowAtOnce: number
  webSockets: number
  eventStreams: number
  /** Shares of the scheduled kinds; one that is missing is not sent. */
  mix: Partial<Record<PacedKind, number>>
  paths: TrafficPaths
  /** A request without a whole answer after this has failed. */
  limitMs: number
}

export type TrafficPaths = {
  get: string
  /** Must answer a POST with the very same bytes. */
  echo: string
  slow: string
  events: string
  webSocket: string
}

export type TrafficInput = Pick<TrafficOptions, 'url' | 'address'> &
  Partial<Omit<TrafficOptions, 'paths'>> & { paths?: Partial<TrafficPaths> }

/** Fills in what was left out: the mix of a product with a web page and an API. */
export const trafficOptions = (input: TrafficInput): TrafficOptions => ({
  ca: null,
  ratePerSecond: 400,
  slowAtOnce: 8,
  webSockets: 10,
  eventStreams: 10,
  mix: {
    'get-reused': 8,
    'get-new': 3,
    'post-reused': 3,
    'post-new': 2,
    'get-http2': 3,
    'post-http2': 1,
  },
  limitMs: 20_000,
  ...input,
  paths: {
    get: '/',
    echo: '/echo',
    slow: '/slow?ms=3000',
    events: '/events',
    webSocket: '/ws',
    ...input.paths,
  },
})

/** Outcomes of one kind; `errors` counts failures by their text. */
export type Outcomes = {
  sent: number
  ok: number
  failed: number
  errors: Record<string, number>
}

export type Latency = { p50: number; p99: number; max: number }

export type TrafficReport = {
  startedAt: string
  durationMs: number
  total: Outcomes
  kinds: Partial<Record<RequestKind, Outcomes>>
  /** Who answered, by the `x-release` header: how often, and when first and last. */
  releases: Record<string, { answers: number; firstMs: number; lastMs: number }>
  /** Of the scheduled kinds; the slow ones take as long as they were told to. */
  latencyMs: Latency
  /**
   * GETs on a reused connection that the server had just closed as idle: sent again once, as every
   * browser does, and not counted as failed unless the second attempt failed.
   */
  idleResets: number
  /** HTTP/2 requests that the server declared untouched when it ended a connection; sent again. */
  refusedStreams: number
  webSockets: StreamOutcomes & { closes: Record<string, number> }
  eventStreams: StreamOutcomes & { ended: number; cut: number }
  /** The first failures, for reading. */
  failures: { atMs: number; kind: string; text: string }[]
  /** How late the schedule itself was at worst: a busy machine shows here, not as latency. */
  scheduleLagMs: number
}

/**
 * `messages` were received whole; `failed` counts connections refused and wrong echoes; `endsMs`: when each ended that
 * the other side has ended or cut, in ms after the start.
 */
export type StreamOutcomes = {
  opened: number
  messages: number
  failed: number
  endsMs: number[]
  errors: Record<string, number>
}
