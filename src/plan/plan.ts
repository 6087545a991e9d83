import type { AnyStep } from './kinds.ts'

/** What is to be done on one server, with what it was made from. Plain JSON. */
export type Plan = {
  /** The verb that made it, such as `deploy`. */
  verb: string
  /** What it is for, in the user's words: "release 42 of hello (production) on main". */
  title: string
  /** The lock it needs: an application's project name, or `server` for the machine itself. */
  scope: string
  /** Fingerprint of the observation the plan was made from; a stale plan is refused. */
  basis: string
  steps: AnyStep[]
  /** Facts worth knowing before saying yes, such as memory needed beside memory free. */
  notes: string[]
}
