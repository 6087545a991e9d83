import { Problem, problemsOf } from '../../problem/problem.ts'
import type { Client } from './client.run.ts'

export type Waiting = {
  pollMs: number
  limitMs: number
  /** What is thrown when it ended, with that exit code, or took too long. */
  failed: (code: number) => Problem
}

/** Waits until a throw-away server serves. A question that ends with a `Problem` comes too early, or it has ended. */
export const awaitServing = async (
  { context, container }: Client,
  isServing: () => Promise<boolean>,
  { pollMs, limitMs, failed }: Waiting,
): Promise<void> => {
  const until = context.now() + limitMs
  for (;;) {
    let broke: unknown = null
    const serves = await isServing().catch((error: unknown) => {
      // What the engine says of a container that has ended is told by how it did.
      if (problemsOf(error).length === 0) broke = error
      return false
    })
    if (serves) return
    const found = await context.engine.containers.find(container)
    if (broke !== null && found?.State.Running) throw broke
    if (!found?.State.Running || context.now() > until || context.signal.aborted)
      throw failed(found?.State.ExitCode ?? 0)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
}

/** Waits until a server has ended by itself, so that its folder is whole. */
export const awaitStopped = async (
  { context, container }: Client,
  { limitMs, failed }: Pick<Waiting, 'limitMs' | 'failed'>,
): Promise<void> => {
  const { StatusCode } = await context.engine.containers.wait(container, limitMs)
  if (StatusCode !== 0) throw failed(StatusCode)
}

/** How a throw-away server is waited for that may take so long. */
export const startingWithin = (limitMs: number, pollMs: number): Waiting => ({
  pollMs,
  limitMs,
  failed: (code) => notStarted(code, limitMs),
})

/** A throw-away server ended, or did not answer in time. */
const notStarted = (code: number, limitMs: number) =>
  new Problem({
    code: 'data/no-scratch',
    summary: 'A throw-away database server did not run.',
    detail: `It ended with ${code}, or did not answer within ${limitMs / 60_000} min.`,
    fix: ['free -m', 'df -h'],
  })
