import type { DatasetKind } from '../model.ts'

// How a restore is told. Most kinds of data are replaced by it; a broker takes definitions in and loses none.

export type RestoreWords = {
  /** What becomes of the backup, after its name: `in the place of shop`. */
  into: (live: string) => string
  /** Why it is loaded first. */
  load: string
  /** Why it is put in place, by what the live data is kept as. */
  swap: (aside: string) => string
  /** What the live data loses, by how old the backup is. */
  loses: (age: string) => string
  /** What the way back is. */
  back: (aside: string) => string
  /** What was put aside, by what it is called live, when that was and by which backup it was replaced. */
  aside: (was: string, at: string, backup: string) => string
  /** What an undo leaves as it is, if anything. */
  stays: string[]
}

const replacing: RestoreWords = {
  into: (live) => `in the place of ${live}`,
  load: 'beside the live data, and every table compared',
  swap: (aside) => `what is live now stays as ${aside}`,
  loses: (age) => `everything of the last ${age} is lost from the live data`,
  back: (aside) => `to go back to what is live now: zarpe backup undo ${aside}`,
  aside: (was, at, backup) => `was ${was} until ${at}, when ${backup} took its place`,
  stays: [],
}

const adding: RestoreWords = {
  into: (live) => `into ${live}`,
  load: 'into a throw-away broker, and every definition compared',
  swap: (aside) => `what it is told now is kept as ${aside}`,
  loses: () => 'nothing is removed: what is not in the backup stays, messages and connections too',
  back: (aside) =>
    `to take back what this changes, and not what it adds: zarpe backup undo ${aside}`,
  aside: (was, at, backup) => `is what ${was} was told until ${at}, when it took ${backup} in`,
  stays: ['nothing is removed: what was added since stays'],
}

const recovering: RestoreWords = {
  ...replacing,
  load: 'beside the live data: every file compared with its manifest, then the log up to that moment',
}

export const restoreWords = (kind: DatasetKind | undefined): RestoreWords => {
  if (kind === 'cluster') return recovering
  return kind === 'rabbitmq' ? adding : replacing
}
