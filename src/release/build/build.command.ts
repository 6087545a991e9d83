import type { Loaded } from '../../app/app.load.ts'
import type { Context } from '../../cli/context.ts'
import type { AgentConnection } from '../../io/ssh/connect.ts'
import { type Builder, serverBuilder } from './builder.ts'
import { closeBuild, openBuild } from '../methods.ts'
import { buildImages } from './build.run.ts'
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
    return await buildHere(context, loaded, serverBuilder(tunnel.local))
  } finally {
    await connection.wire.call(closeBuild, null)
  }
}

/** Builds what the app builds, drawing it live. */
export const buildHere = async (context: Context, loaded: Loaded, builder: Builder) => {
  const { terminal } = context
  const started = Date.now()
  const built = await buildImages(loaded.app, builder, (service, line) =>
    terminal.draw(`  … build ${service}  ${line}`),
  )
  const names = Object.keys(built)
  const ms = Date.now() - started
  terminal.emit({ type: 'built', on: builder.on, services: names, ms })
  if (names.length > 0)
    terminal.say(
      `${terminal.good('✓')} built ${names.join(', ')}${builder.on === 'server' ? ' on the server' : ''} ${terminal.dim(`${(ms / 1000).toFixed(1)} s`)}`,
    )
  return built
}
