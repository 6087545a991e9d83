import { connect } from 'node:net'

/** `open`: somebody listens; `refused`: the machine answers, nobody listens; `silent`: no answer. */
export type Reach = 'open' | 'refused' | 'silent'

/** Tries to connect to a port and hangs up. A firewall on the way shows as silence. */
export const reach = (host: string, port: number, limitMs = 3_000): Promise<Reach> =>
  new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (result: Reach) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(result)
    }
    const timer = setTimeout(() => end('silent'), limitMs)
    socket.on('connect', () => end('open'))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ECONNREFUSED' ? 'refused' : 'silent'),
    )
  })
