import { hostname } from 'node:os'
import { readText } from '../io/host/files/durable.ts'
import { ownProcessor } from '../io/host/machine/processor.ts'
import { openEngine } from '../io/engine/engine.ts'
import { removeShipSocket, shipSocketNotice, sweepShipSockets } from '../io/registry/socket.ts'
import { greetingNotice } from '../io/wire/greeting.ts'
import { openWire } from '../io/wire/wire.ts'
import { ownBuild, version } from './build.ts'
import { answerAll } from './handlers.ts'

/**
 * The agent's life: greet, answer until the other side is gone, finish what was begun, end. stdout
 * belongs to the wire alone.
 */
export const serve = async () => {
  // The laptop may vanish at any moment; that must not stop a run half-way.
  process.on('SIGHUP', () => undefined)
  process.on('SIGPIPE', () => undefined)
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
  const wire = openWire(process.stdin, process.stdout)
  const work = answerAll(wire, openEngine())
  let shipSocket = ''
  wire.onNotice(shipSocketNotice, ({ path }) => {
    shipSocket = path
  })
  const gone = new Promise<void>((resolve) => {
    wire.onClose(resolve)
    process.stdin.on('end', resolve)
    process.stdin.on('close', resolve)
  })
  wire.listen()
  const machine = ((await readText('/etc/machine-id')) ?? '').trim()
  const own = { build: await ownBuild(), version }
  const runtime = process.versions.node
  const here = { machine, hostname: hostname(), processor: ownProcessor(), runtime }
  wire.tell(greetingNotice, { program: 'zarpe', ...own, ...here })
  sweepShipSockets().catch(() => undefined)
  await gone
  await work.end()
  await work.idle()
  await removeShipSocket(shipSocket)
  process.exit(0)
}
