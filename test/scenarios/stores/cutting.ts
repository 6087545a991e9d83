import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

/**
 * A line to a server that is cut, on each of the first connections, after so many bytes were sent. Those
 * after them hold.
 */
export const cutting = async (to: { host: string; port: number }, after: number[]) => {
  let cuts = 0
  let sent = 0
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const limit = after[cuts] ?? Number.POSITIVE_INFINITY
    const far = connect(to.port, to.host)
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    let here = 0
    near.on('data', (data: Buffer) => {
      here += data.length
      sent += data.length
      if (here > limit && !near.destroyed) {
        cuts++
        near.destroy()
        far.destroy()
      } else if (!far.write(data)) near.pause()
    })
    far.on('drain', () => near.resume())
    far.pipe(near)
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
