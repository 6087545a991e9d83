import type { Loaded } from '../../app/app.load.ts'
import type { Context } from '../../cli/context.ts'
import type { Terminal } from '../../cli/terminal.ts'
import { ownProcessor } from '../../io/host/machine/processor.ts'
import type { AgentConnection } from '../../io/ssh/connect.ts'
import { type Builder, serverBuilder } from './builder.ts'
import { closeBuild, openBuild } from '../methods.ts'
import { buildImages } from './build.run.ts'
import { forProcessor } from './for-processor.ts'
import type { Tunnel } from './tunnel.load.ts'

/** Builds by the server's engine, through the connection; the files that the build needs go there. */
export const buildThere = async (
  context: Context,
  loaded: Loaded,
  connection: AgentConnection,
  tunnel: Tunnel,
) => {
  if (loaded.app.services.every((service) => service.image.from !== 'build')) return {}
  context.terminal.draw('  … waiting for the engine of the server')
  await connection.wire.call(openBuild, { socket: tunnel.remote })
  try {
    const { processor = ownProcessor() } = connection.greeting
    return await drawn(context.terminal, 'server', (onLine) =>
      buildImages(loaded.app, serverBuilder(tunnel.local, processor), onLine),
    )
  } finally {
    await connection.wire.call(closeBuild, null)
  }
}

/** Builds by the engine of this machine, for the processor of the server. */
export const buildHere = (
  { terminal }: Context,
  loaded: Loaded,
  builder: Builder,
  processor: Promise<string>,
) =>
  drawn(terminal, builder.on, (onLine) =>
    forProcessor(builder, processor, (own) => {
      if (own.processor !== builder.processor)
        terminal.say(
          terminal.dim(`The server has another processor: building for ${own.processor} …`),
        )
      return buildImages(loaded.app, own, onLine)
    }),
  )

/** Draws a build live, and tells what was built. */
const drawn = async (
  terminal: Terminal,
  on: Builder['on'],
  build: (onLine: (service: string, line: string) => void) => ReturnType<typeof buildImages>,
) => {
  const started = Date.now()
  const built = await build((service, line) => terminal.draw(`  … build ${service}  ${line}`))
  const names = Object.keys(built)
  const ms = Date.now() - started
  terminal.emit({ type: 'built', on, services: names, ms })
  if (names.length > 0)
    terminal.say(
      `${terminal.good('✓')} built ${names.join(', ')}${on === 'server' ? ' on the server' : ''} ${terminal.dim(`${(ms / 1000).toFixed(1)} s`)}`,
    )
  return built
}
