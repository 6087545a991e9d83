import { createServer } from 'node:net'
import { chmod, chown } from 'node:fs/promises'
import { removePath } from '../host/files/durable.ts'
import { joinTo } from '../host/network/sockets.ts'

export const engineSocket = '/var/run/docker.sock'

/**
 * Opens the engine's API at a unix socket that `uid` alone may use, for as long as a build from the
 * laptop takes. That user may start the agent as root, so it gains nothing by it.
 */
export const openEngineDoor = async (path: string, uid: number) => {
  const server = createServer({ allowHalfOpen: true })
  joinTo(server, { path: engineSocket })
  // Nobody else can reach the socket in the moment before it has its owner and mode.
  const before = process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject)
      server.listen(path, resolve)
    })
  } finally {
    process.umask(before)
  }
  await chown(path, uid, -1)
  await chmod(path, 0o600)
  return {
    close: async () => {
      server.close()
      await removePath(path)
    },
  }
}
