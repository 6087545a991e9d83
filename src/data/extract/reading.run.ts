import type { Engine } from '../../io/engine/engine.ts'
import type { RunContext } from '../../plan/runner.ts'

/** What an act is handed that reads a project's data for somebody who waits, outside of any plan. */
export const readingContext = (
  engine: Engine,
  signal: AbortSignal,
  note: RunContext['note'] = () => undefined,
): RunContext => ({
  engine,
  signal,
  // Only its kind is read: by whom a lock is held.
  step: { kind: 'data.expect' } as RunContext['step'],
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  note,
})
