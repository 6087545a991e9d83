import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { certificateAt } from './certificate.ts'

let server: Server | null = null
const open = new Set<Socket>()
const serve = (made: Server) =>
  new Promise<number>((resolve) => {
    server = made
    made.on('connection', (socket: Socket) => open.add(socket))
    made.listen(0, '127.0.0.1', () => resolve((made.address() as AddressInfo).port))
  })
afterEach(() => {
  for (const socket of open) socket.destroy()
  server?.close()
})

describe('certificateAt', () => {
  it('tells one who is slow from one who has none', async () => {
    const silent = await serve(createServer())
    expect(await certificateAt('127.0.0.1', silent, 'shop.example', 100)).toBe('late')
    server?.close()
    // Without a certificate it answers with an alert, as Caddy does for a name that it has none for.
    const bare = await serve(createTlsServer({}))
    expect(await certificateAt('127.0.0.1', bare, 'shop.example', 10_000)).toBe('none')
  })
})
