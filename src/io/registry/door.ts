import { createServer, type Server } from 'node:net'
import { Problem } from '../../problem/problem.ts'
import { joinTo, type Target } from '../host/network/sockets.ts'

const bindWaitMaxMs = 600_000

/**
 * Opens one of this server's doors for images: a loopback address (`host:port`) by which its engine
 * reaches a registry that lives only as long as a deploy. Another deploy on the same server may be
 * using the door; then this waits its turn, 10 minutes at most. Throws "server/door-busy" after that.
 */
export const openDoor = async (address: string, target: Target, note: (text: string) => void) => {
  const [host = '', port = ''] = address.split(':')
  const until = Date.now() + bindWaitMaxMs
  for (;;) {
    const server = await listen(target, host, Number(port))
    if (server) return { close: () => void server.close() }
    if (Date.now() > until) throw busy(address)
    note('another deploy is moving images on this server; waiting for it')
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

/** Null when the port is taken. */
const listen = (target: Target, host: string, port: number): Promise<Server | null> =>
  new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true })
    joinTo(server, target)
    server.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    )
    server.listen(port, host, () => resolve(server))
  })

const busy = (address: string) =>
  new Problem({
    code: 'server/door-busy',
    summary: 'Another deploy is moving images on this server, and did not end.',
    detail: `${address} stayed in use for 10 minutes.`,
    fix: [
      'Run the same command again when the other deploy has ended.',
      `On the server, who it is: ss -ltnp 'sport = :${address.split(':')[1]}'`,
    ],
  })
