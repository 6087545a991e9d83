import type { Engine } from '../io/engine/engine.ts'
import type { AnyStep, StepKind, StepParams } from './kinds.ts'

/** One line for the person watching, such as "2 of 3 healthy". What `stays` is still there when the step is over. */
export type Note = (text: string, stays?: 'stays') => void

/** What every runner is handed: the doors it may use, time, and a way to say what it is doing. */
export type RunContext = {
  engine: Engine
  /** Ends when the step's limit has passed; every wait must honour it. */
  signal: AbortSignal
  step: AnyStep
  /** Milliseconds since the epoch. */
  now: () => number
  sleep: (ms: number) => Promise<void>
  note: Note
}

/** Does one step. Throws a `Problem` when the world does not allow it. */
export type Runner<Kind extends StepKind> = (
  params: StepParams[Kind],
  context: RunContext,
) => Promise<void>

export type Runners = { [Kind in StepKind]: Runner<Kind> }
