/** What a step may cost the user if it goes as planned; named on the confirmation screen. */
export type Danger = 'downtime' | 'data-loss'

/**
 * One outside act. A step is plain JSON: it is made by pure functions, shown, confirmed, sent over
 * the wire, journalled and run by the one runner of its kind. Running it twice must be the same as
 * running it once, because a run that was killed is planned again from what is then observed.
 */
export type Step<Kind extends string = string, Params = unknown> = {
  /** Unique inside its plan and stable between two plannings of the same state. */
  id: string
  kind: Kind
  /** What it acts on, in the user's words: a service, a file, a package. */
  target: string
  /** Why it is in the plan. */
  cause: string
  /** After this the step has failed. */
  limitMs: number
  danger?: Danger
  params: Params
}
