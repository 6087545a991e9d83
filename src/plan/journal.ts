import type { ProblemData } from '../problem/problem.ts'
import type { RunEvent } from './event.ts'
import type { AnyStep } from './kinds.ts'
import type { Plan } from './plan.ts'

/** A plan as a journal keeps it: the steps' parameters are left out, for they hold secret values. */
export type JournalledPlan = Omit<Plan, 'steps'> & { steps: Omit<AnyStep, 'params'>[] }

/** What of a plan may be written down. A run is taken up from what is observed, never from this. */
export const journalled = (plan: Plan): JournalledPlan => ({
  ...plan,
  steps: plan.steps.map(({ params: _hidden, ...step }) => step),
})

/** One line of a run's journal, written and flushed before and after each act. */
export type JournalLine =
  | { type: 'run.started'; at: string; plan: JournalledPlan; by: string }
  | RunEvent
  | { type: 'run.ended'; at: string; outcome: 'done' | 'failed' }

/** How a run stands according to its journal. */
export type JournalState = {
  plan: JournalledPlan
  by: string
  startedAt: string
  doneIds: string[]
  /** The step that was begun and never ended, if the run was cut there. */
  cutAt?: string
  failed?: { id: string; problem: ProblemData }
  outcome: 'done' | 'failed' | 'interrupted'
}

/** Reads a journal back; a last line torn by a power cut is ignored. Null if nothing was begun. */
export const readJournal = (text: string): JournalState | null => {
  let state: JournalState | null = null
  for (const raw of text.split('\n')) {
    const line = parseLine(raw)
    if (!line) continue
    if (line.type === 'run.started') state = begun(line)
    else if (state) apply(state, line)
  }
  return state
}

const begun = (line: Extract<JournalLine, { type: 'run.started' }>): JournalState => ({
  plan: line.plan,
  by: line.by,
  startedAt: line.at,
  doneIds: [],
  outcome: 'interrupted',
})

const apply = (state: JournalState, line: Exclude<JournalLine, { type: 'run.started' }>) => {
  switch (line.type) {
    case 'step.started':
      state.cutAt = line.id
      return
    case 'step.note':
      return
    case 'step.done':
      state.doneIds.push(line.id)
      delete state.cutAt
      return
    case 'step.failed':
      state.failed = { id: line.id, problem: line.problem }
      delete state.cutAt
      return
    case 'run.ended':
      state.outcome = line.outcome
      return
  }
}

const parseLine = (raw: string): JournalLine | null => {
  try {
    return raw ? (JSON.parse(raw) as JournalLine) : null
  } catch {
    return null
  }
}
