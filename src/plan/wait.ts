import type { RunContext } from './runner.ts'

/** How often the engine is asked while something is awaited. */
const pollMs = 150

/**
 * Asks until the answer is true. Ends with the step's own limit: the abort reason is thrown.
 * A runner that knows a better reason catches it and says more.
 */
export const waitFor = async (
  context: Pick<RunContext, 'signal' | 'sleep'>,
  question: () => Promise<boolean>,
) => {
  while (!(await question())) {
    context.signal.throwIfAborted()
    await context.sleep(pollMs)
  }
}
