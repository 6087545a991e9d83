import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

export type LineFaults = {
  /** On each of the first connections: after how many bytes that were sent it is cut. */
  cutAfter?: number[]
  /** Changes what passes by, in place: `before` is how much went this way on this connection. */
  spoil?: (data: Buffer, way: 'up' | 'down', before: number) => void
}

/** A line to a server that counts what is sent, and can be a bad one. */
export const lineTo = async (to: { host: string; port: number }, faults: LineFaults = {}) => {
  let cuts = 0
  let sent = 0
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const limit = faults.cutAfter?.[cuts] ?? Number.POSITIVE_INFINITY
    const far = connect(to.port, to.host)
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    let up = 0
    let down = 0
    near.on('data', (data: Buffer) => {
      faults.spoil?.(data, 'up', up)
      up += data.length
      sent += data.length
      if (up > limit && !near.destroyed) {
        cuts++
        near.destroy()
        far.destroy()
      } else if (!far.write(data)) near.pause()
    })
    far.on('drain', () => near.resume())
    far.on('data', (data: Buffer) => {
      faults.spoil?.(data, 'down', down)
      down += data.length
      if (!near.write(data)) far.pause()
    })
    near.on('drain', () => far.resume())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cuts: () => cuts,
    sentBytes: () => sent,
    close: () => {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}
