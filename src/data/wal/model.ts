/** One unbroken history of a server's write-ahead log, and how far its archive has come. Plain JSON. */
export type Log = {
  /** By which it is kept: see names.ts. */
  history: string
  timeline: number
  segmentBytes: number
  /** The first segment of the history, and the last that the server's own store has; null before it has any. */
  first: string
  last: string | null
  /** For whom copies in other stores are encrypted, as a fingerprint; null for nobody. A history has one such. */
  sealedFor: string | null
  /** Whatever was committed by then is in the server's own store. */
  through: string | null
  stores: Record<string, Reached>
  /** When the server began to serve that first wrote it; none in records of older versions. */
  since?: string
  /** When another history was live between two parts of this one, as before an undo; not there for never. */
  away?: { from: string; until: string }[]
}

/** How far a store's copy of a log has come, and why no further, if it is behind. */
export type Reached = { last: string | null; through: string | null; problem: string | null }

/** What a server knows of the archive of a cluster: the log that goes on, and those that ended. */
export type Archive = Log & {
  /** The dataset of the base backups that it belongs to. */
  dataset: string
  /** Which transactions had ended when it was last archived, as PostgreSQL tells it; null if that is not known. */
  snapshot: string | null
  past: Log[]
  /** When this history was taken up; none in records of older versions. */
  beganAt?: string
  /** When it was last tried, and why that failed, if it did. */
  triedAt: string
  problem: string | null
  /** How often a base backup was asked for because this history had none, and when last. */
  asked: { times: number; at: string | null }
  /** When what no base backup needs was last removed. */
  prunedAt: string | null
}

/** How often a server's log is archived: with a round that takes some seconds, little more than that can be lost. */
export const everyS = 40

/** The part of an archive that is of its history alone. */
export const logOf = ({
  history,
  timeline,
  segmentBytes,
  first,
  last,
  sealedFor,
  through,
  stores,
  since,
  away,
}: Log): Log => ({
  ...{ history, timeline, segmentBytes, first, last, sealedFor, through, stores },
  ...(since === undefined ? {} : { since }),
  ...(away === undefined ? {} : { away }),
})
