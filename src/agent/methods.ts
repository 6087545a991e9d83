import { defineMethod, defineNotice } from '../io/wire/method.ts'
import type { RunEvent } from '../plan/event.ts'
import type { AnyStep } from '../plan/kinds.ts'
import type { Plan } from '../plan/plan.ts'
import type { ProblemData } from '../problem/problem.ts'

export type ExecuteParams = {
  plan: Plan
  by: string
  /** Socket on the server that leads to the laptop's registry, if the plan pulls from it. */
  shipSocket: string | null
}

export type ExecuteResult =
  | { outcome: 'done' }
  | {
      outcome: 'failed'
      step: AnyStep
      problem: ProblemData
      /** What was done to put things back, and whether that went well. */
      reverted: 'nothing-to-do' | 'done' | 'failed'
    }

/** Runs a plan under its scope's lock; refused when the server is no longer as it was planned for. */
export const executePlan = defineMethod<ExecuteParams, ExecuteResult>('plan.execute')

/** What a run tells while it goes; `plan` comes first, and again when a plan to put back begins. */
export type RunNotice = RunEvent | { type: 'plan'; title: string; steps: AnyStep[] }

export const runNotice = defineNotice<RunNotice>('run.event')

/** Replaces the agent's program by the caller's; the next connection speaks to the new one. */
export const upgradeAgent = defineMethod<{ build: string; program: string }, null>('agent.upgrade')
