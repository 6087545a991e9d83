import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { privateFolder, removePath } from '../../io/host/files/durable.ts'
import { engineSocketPath } from '../../io/registry/socket.ts'

/** The two ends of a socket that SSH carries: here, in a folder of our own, and on the server. */
export type Tunnel = { local: string; remote: string; remove: () => Promise<void> }

export const openTunnel = async (): Promise<Tunnel> => {
  const folder = await privateFolder()
  return {
    local: join(folder, 'engine.sock'),
    remote: engineSocketPath(randomBytes(8).toString('hex')),
    remove: () => removePath(folder),
  }
}
