import { connect, createServer, type Server } from 'node:net'
import { removePath } from '../host/durable.ts'

const bindWaitMaxMs = 600_000

/**
 * Opens the door through which this server's engine pulls images from the laptop: a loopback address
 * (`host:port`) whose connections go into the unix socket that SSH forwards. Another deploy on the
 * same server may be shipping through it; then this waits its turn, 10 minutes at most.
 */
export const openShipDoor = async (
  address: string,
  socketPath: string,
  note: (text: string) => void,
) => {
  const [host = '', port = ''] = address.split(':')
  const until = Date.now() + bindWaitMaxMs
  for (;;) {
    const server = await listen(socketPath, host, Number(port))
    if (server) {
      return {
        close: async () => {
          server.close()
          await removePath(socketPath)
        },
      }
    }
    if (Date.now() > until) throw new Error(`${address} stayed in use for 10 minutes`)
    note('another deploy is sending images to this server; waiting for it')
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

/** Null when the port is taken. */
const listen = (socketPath: string, host: string, port: number): Promise<Server | null> =>
  new Promise((resolve, reject) => {
    const server = createServer((inward) => {
      const outward = connect(socketPath)
      inward.pipe(outward)
      outward.pipe(inward)
      // A broken half must not leave the other hanging; the engine reports its failed pull.
      inward.on('error', () => outward.destroy())
      outward.on('error', () => inward.destroy())
      inward.on('close', () => outward.destroy())
      outward.on('close', () => inward.destroy())
    })
    server.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    )
    server.listen(port, host, () => resolve(server))
  })
