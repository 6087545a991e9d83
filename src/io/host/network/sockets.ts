import { connect, type Server, type Socket } from 'node:net'

/** Where a joined connection goes: a unix socket or a port on this machine's loopback. */
export type Target = { path: string } | { port: number }

/**
 * Makes each connection to `server` one to `target`. The end of one direction does not end the
 * other, because Docker's attached streams go on answering after their input has ended; a broken
 * half takes the other with it. The server must allow half-open connections.
 */
export const joinTo = (server: Server, target: Target) => {
  server.on('connection', (inward: Socket) => {
    const where = 'path' in target ? target : { ...target, host: '127.0.0.1' }
    const outward = connect({ ...where, allowHalfOpen: true })
    inward.pipe(outward)
    outward.pipe(inward)
    inward.on('error', () => outward.destroy())
    outward.on('error', () => inward.destroy())
    inward.on('close', () => outward.destroy())
    outward.on('close', () => inward.destroy())
  })
}
