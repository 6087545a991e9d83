import type { Engine } from '../io/engine/engine.ts'
import type { Note } from '../plan/runner.ts'
import type { Extracted, Extraction } from './extract/extraction.ts'
import type { RestoreNames } from './restore/restore.plan.ts'
import type { Contents } from './held.ts'
import type { Pace } from '../io/pace.ts'
import type { Dataset, Expectation, Priority, Summary } from './model.ts'

/** What an engine is handed for one act. */
export type DataContext = {
  engine: Engine
  project: string
  /** An empty folder on disk that only root can enter, for this act alone. */
  folder: string
  signal: AbortSignal
  now: () => number
  note: Note
  /** How many processes it may keep busy beside what serves; not there for whoever waits. */
  processes?: number
  /** Not there: `low`. */
  priority?: Priority
  /** To be awaited with bytes of live data that were read; not there: nobody waits. */
  pace?: Pace
  /**
   * The store that the copy in `folder` came from, and the moment that its data is to be brought to, if another than
   * its own is wanted. Only for what has more in a store than its copies.
   */
  origin?: Origin
}

/** `earlier`: what the copy builds on, the full one first; each is in `earlierFolder` of its number. */
export type Origin = { store: string; to: Moment | null; earlier: Contents[] }

/** A time, as ISO 8601 in UTC, or `latest`: the last that there is. */
export type Moment = string

/** What a restore has put in the place of the live data, and how that is called now. */
export type Swap = { live: string; aside: string }

/**
 * What keeps data of one kind. Every engine passes the data scenarios on the real thing.
 *
 * Obligations: live data is only read, but by `swap`. Whatever an engine starts or makes beside live
 * data is labelled or named as Zarpe's own, so that the next run finds what a killed one left. Client
 * programs come from the data's own image. Nothing secret is in an argument or an environment that
 * others can read. Every failure is a `Problem` of the room `data/…`.
 */
export type DataEngine<Kind extends Dataset = Dataset, Held extends Contents = Contents> = {
  /** Writes a consistent copy into `folder`, under load, and returns what exactly it holds. */
  take: (dataset: Kind, context: DataContext) => Promise<Held>
  /** Restores the copy in `folder` into something throw-away, and returns every difference from `held`. */
  prove: (held: Held, expect: Expectation[], context: DataContext) => Promise<string[]>
  /** Restores the copy in `folder` beside the live data, as `beside`, and returns every difference. */
  load: (dataset: Kind, held: Held, beside: string, context: DataContext) => Promise<string[]>
  /** Puts what `beside` names in the live data's place, and that aside. Repeating it changes nothing. */
  swap: (dataset: Kind, names: Swap & { beside: string }, context: DataContext) => Promise<void>
  /** Whether something of that name is there. */
  there: (dataset: Kind, name: string, context: DataContext) => Promise<boolean>
  /** Removes what is beside or aside. */
  discard: (dataset: Kind, name: string, context: DataContext) => Promise<void>
  /** Files of the copy that `weigh` finds in `folder`, if the server has the copy. */
  weighsBy: string[]
  /** How much of what there is now would differ after a restore, table by table. */
  weigh: (dataset: Kind, held: Held, context: DataContext) => Promise<Loss[]>
  /** What the user expects of live data and is not so. */
  expect: (dataset: Kind, expect: Expectation[], context: DataContext) => Promise<string[]>
  /** Takes a part of the copy in `folder` out, compared with `held`; null where only the whole can be had. */
  extract: ((held: Held, wanted: Extraction, context: DataContext) => Promise<Extracted>) | null
  /** What live data is called, and what a restore beside or aside of it is. */
  names: (held: Held, at: string) => RestoreNames
  summary: (held: Held) => Summary
}

/** What a restore would change: rows or bytes now, and then. */
export type Loss = {
  what: string
  rowsNow: number
  rowsThen: number
  /** What is counted, if it is no rows: `key`. */
  row?: string
  /** What would happen to it, where a number does not tell. */
  words?: string
}
