/** Something that is wrong. `key` stays the same while it lasts, whatever the text counts. */
export type Trouble = { key: string; text: string }

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

/** The last backup of a dataset that its timer has asked for. */
export type ScheduledRun = {
  dataset: string
  startedAt: string
  /** Null while it goes on, or if nobody is left to say how it ended. */
  endedAt: string | null
  /** Why it failed, if it did. */
  problem: string | null
}

/** `isCut`: it has not ended, and nobody is at it any more. */
export type ObservedRun = ScheduledRun & { isCut: boolean }
