import { messageOf, Problem, problemsOf, type ProblemData } from '../problem/problem.ts'
import type { RunEvent } from './event.ts'
import type { AnyStep } from './kinds.ts'
import type { RunContext, Runner, Runners } from './runner.ts'

/** The doors an execution needs; `record` must have written a line to disk when it returns. */
export type ExecuteDoors = Omit<RunContext, 'signal' | 'step' | 'note'> & {
  record: (event: RunEvent) => Promise<void>
  /** Called between the acts of a run; the crash tests stop the agent here. */
  door?: (moment: 'before' | 'after', step: AnyStep) => Promise<void>
}

export type ExecuteResult = { ok: true } | { ok: false; step: AnyStep; problem: ProblemData }

/** Runs the steps one after the other and stops at the first that fails. Never throws for a step. */
export const execute = async (
  steps: AnyStep[],
  runners: Runners,
  doors: ExecuteDoors,
): Promise<ExecuteResult> => {
  for (const step of steps) {
    const failed = await runStep(step, runners, doors)
    if (failed) return { ok: false, step, problem: failed }
  }
  return { ok: true }
}

const runStep = async (
  step: AnyStep,
  runners: Runners,
  doors: ExecuteDoors,
): Promise<ProblemData | null> => {
  const startedAt = doors.now()
  const at = () => new Date(doors.now()).toISOString()
  const notes: Promise<void>[] = []
  const note = (text: string, stays?: 'stays') => {
    const event = { type: 'step.note' as const, id: step.id, text }
    // Without a note a run is no worse: what must be on disk is that an act begins, and that it has ended.
    notes.push(doors.record(stays ? { ...event, stays: true } : event).catch(() => undefined))
  }
  try {
    await doors.record({ type: 'step.started', id: step.id, at: at() })
    await doors.door?.('before', step)
    const runner = runners[step.kind] as Runner<typeof step.kind>
    await withLimit(step, (signal) => runner(step.params, { ...doors, signal, step, note }))
    await Promise.all(notes)
    await doors.door?.('after', step)
    await doors.record({ type: 'step.done', id: step.id, at: at(), ms: doors.now() - startedAt })
    return null
  } catch (thrown) {
    await Promise.all(notes)
    const problem = problemOf(step, thrown)
    const ms = doors.now() - startedAt
    const failed = { type: 'step.failed' as const, id: step.id, at: at(), ms, problem }
    // A full disk may be what it failed by.
    await doors.record(failed).catch(() => undefined)
    return problem
  }
}

/** Ends the wait even if a runner ignores its signal, so that no step can hang a run. */
const withLimit = async (step: AnyStep, act: (signal: AbortSignal) => Promise<void>) => {
  const limit = new AbortController()
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const problem = outOfTime(step)
    limit.abort(problem)
    // The runner gets a moment to end by itself with a better explanation than "too late".
    setTimeout(() => late.reject(problem), 5_000).unref()
  }, step.limitMs)
  try {
    await Promise.race([act(limit.signal), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

const outOfTime = (step: AnyStep) =>
  new Problem({
    code: 'plan/step-too-slow',
    summary: 'A step did not end within its limit.',
    detail: `"${step.kind} ${step.target}" did not end within ${step.limitMs / 1000} s.`,
    fix: [],
  })

const problemOf = (step: AnyStep, thrown: unknown): ProblemData =>
  problemsOf(thrown)[0] ?? {
    code: 'plan/step-broke',
    summary: 'A step failed in a way Zarpe did not foresee.',
    detail: `"${step.kind} ${step.target}": ${messageOf(thrown)}`,
    fix: [],
    evidence: thrown instanceof Error ? (thrown.stack ?? '').split('\n').slice(1, 5) : [],
  }
