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
