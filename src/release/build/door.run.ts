import { openEngineDoor } from '../../io/engine/door.ts'
import { within } from '../../io/host/files/durable.ts'
import { openDoor } from '../../io/registry/door.ts'
import { openLedger } from '../../io/registry/ledger.ts'
import { serveRegistry } from '../../io/registry/serve.ts'
import { isEngineSocket } from '../../io/registry/socket.ts'
import { ownRegistry } from '../names.ts'
import { stateFolder } from '../places.ts'

const ledgerFile = within(stateFolder, '..', 'layers')

/** The doors of a build on this server; one connection has one pair of them at most. */
export const buildDoors = () => {
  let close = async () => {}
  return {
    open: async (socket: string): Promise<null> => {
      if (!isEngineSocket(socket)) throw new Error('not a socket for a build')
      await close()
      const registry = await serveRegistry(await openLedger(ledgerFile))
      const door = await openDoor(ownRegistry, { port: registry.port }, () => undefined)
      // Whoever is logged in: sudo says so; without it this is root's own connection.
      const engine = await openEngineDoor(socket, Number(process.env['SUDO_UID'] ?? 0))
      close = async () => {
        close = async () => {}
        await engine.close()
        door.close()
        await registry.close()
      }
      return null
    },
    close: async (): Promise<null> => {
      await close()
      return null
    },
  }
}
