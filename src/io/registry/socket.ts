import { connect } from 'node:net'
import { namesIn, removePath, within } from '../host/files/durable.ts'
import { defineNotice } from '../wire/method.ts'

const folder = '/tmp'
const namePattern = /^zarpe-(ship|engine)-[0-9a-f]{16}\.sock$/

/** Where sshd listens, on the server, for connections to the laptop's registry. */
export const shipSocketPath = (id: string) => within(folder, `zarpe-ship-${id}.sock`)

/** Where the agent listens, on the server, for a build's calls of the engine. */
export const engineSocketPath = (id: string) => within(folder, `zarpe-engine-${id}.sock`)

/** Whether a path that came over the wire is one of those. */
export const isEngineSocket = (path: string) => {
  const id = /^\/tmp\/zarpe-engine-([0-9a-f]{16})\.sock$/.exec(path)?.[1]
  return id !== undefined && path === engineSocketPath(id)
}

/** Tells the agent its connection's socket, because sshd leaves the file behind when it ends. */
export const shipSocketNotice = defineNotice<{ path: string }>('ship.socket')

/** Removes a connection's socket; any other path is left alone. */
export const removeShipSocket = async (path: string) => {
  const name = path.slice(folder.length + 1)
  if (namePattern.test(name) && path === within(folder, name)) await removePath(path)
}

/** Removes the sockets of connections that were cut with their agent: nobody listens on them. */
export const sweepShipSockets = async () => {
  const paths = (await namesIn(folder))
    .filter((name) => namePattern.test(name))
    .map((name) => within(folder, name))
  for (const path of paths) if (await isDead(path)) await removePath(path)
}

const isDead = (path: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
  })
