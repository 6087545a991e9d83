/**
 * Something that is wrong. `key` stays the same while it lasts, whatever the text counts; `occasion` changes when it has
 * happened again, which is worth another word.
 */
export type Trouble = { key: string; text: string; occasion?: string }

/** How the backups of one dataset stand. */
export type DatasetHealth = {
  dataset: string
  /** Null if none was ever proven. */
  lastProven: string | null
  ageMs: number | null
  /** Of what can be brought back to any moment: how long ago its log was last archived; null if it never was. */
  logAgeMs?: number | null
  /** Of the same, from when on; null if there is no base backup of its log yet. */
  momentsSince?: string | null
  /** What is wrong with its backups. */
  trouble: Trouble[]
}

/** How a backup by the clock ended. `problem`: why it failed, if it did; the code says which step it was about. */
export type EndedRun = {
  startedAt: string
  endedAt: string
  problem: { code: string; text: string } | null
}

/** What is remembered of the backups of a dataset that its timer asks for. */
export type ScheduledRuns = {
  dataset: string
  /** The last that has ended; null before the first. */
  last: EndedRun | null
  /** The one that has begun since. */
  running: { startedAt: string } | null
}

/** `isCut`: the one that is said to go on does not, and nobody has said how it ended. */
export type ObservedRuns = ScheduledRuns & { isCut: boolean }
