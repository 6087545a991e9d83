import { createServer } from 'node:net'

/**
 * Takes a name on this machine for as long as this process lives; null when somebody has it. It is
 * an abstract unix socket: the kernel gives it to one process and frees it with the process, so
 * that there is neither a stale claim nor a moment in which two may think that it is theirs.
 */
export const claimName = (name: string): Promise<{ release: () => Promise<void> } | null> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    )
    server.listen(`\0${name}`, () => {
      server.unref()
      resolve({ release: () => new Promise((ended) => server.close(() => ended())) })
    })
  })

export type ClaimWait<Result> = {
  pollMs: number
  /** How long to wait, and what comes of it then; without it, for as long as it takes. */
  within?: { limitMs: number; late: () => Result }
  /** Ends the waiting with its reason. */
  signal?: AbortSignal
  sleep?: (ms: number) => Promise<void>
}

/** Has a name for as long as `act` takes; waits for whoever has it. */
export const withClaim = async <Result>(
  name: string,
  { pollMs, within, signal, sleep = pause }: ClaimWait<Result>,
  act: () => Promise<Result>,
): Promise<Result> => {
  for (let waitedMs = 0; ; waitedMs += pollMs) {
    const claim = await claimName(name)
    if (claim)
      try {
        return await act()
      } finally {
        await claim.release()
      }
    signal?.throwIfAborted()
    if (within && waitedMs >= within.limitMs) return within.late()
    await sleep(pollMs)
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
