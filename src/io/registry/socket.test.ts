import { randomBytes } from 'node:crypto'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { run } from '../host/processes/process.ts'
import { removeShipSocket, shipSocketPath, sweepShipSockets } from './socket.ts'

const newPath = () => shipSocketPath(randomBytes(8).toString('hex'))

/** A socket as a cut connection leaves it: its listener was killed. */
const leaveBehind = async (path: string) => {
  const script = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
  await run(process.execPath, ['-e', script, path])
}

it('removes the sockets that nobody listens on, and no others', async () => {
  const dead = newPath()
  const live = newPath()
  await leaveBehind(dead)
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(live, resolve))
  expect(existsSync(dead)).toBe(true)
  await sweepShipSockets()
  expect(existsSync(dead)).toBe(false)
  expect(existsSync(live)).toBe(true)
  await new Promise((resolve) => server.close(resolve))
})

it('removes nothing that is not such a socket, whatever it is told', async () => {
  const other = `/tmp/zarpe-ship-test-${process.pid}`
  writeFileSync(other, '')
  await removeShipSocket(other)
  await removeShipSocket(`/tmp/x/../zarpe-ship-test-${process.pid}`)
  expect(existsSync(other)).toBe(true)
  rmSync(other)
})
