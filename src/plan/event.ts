import type { ProblemData } from '../problem/problem.ts'

/** What a run tells while it goes: drawn as live lines, written to the journal, printed as JSON. */
export type RunEvent =
  | { type: 'step.started'; id: string; at: string }
  /** `stays`: it is an outcome, not progress. */
  | { type: 'step.note'; id: string; text: string; stays?: true }
  | { type: 'step.done'; id: string; at: string; ms: number }
  | { type: 'step.failed'; id: string; at: string; ms: number; problem: ProblemData }
