import { loadApp, type Loaded } from '../../app/app.load.ts'
import type { Context } from '../../cli/context.ts'
import { connect } from '../../cli/connect.ts'
import type { AgentConnection } from '../../io/ssh/connect.ts'
import { knownProcessor } from '../../io/ssh/machines.ts'
import { parseTarget } from '../../io/ssh/target.ts'
import type { Registry } from '../../io/registry/serve.ts'
import { askDns, domainNotes } from './domains.load.ts'
import { readGit } from './git.load.ts'
import { builtBefore, imagesFor, platformNotes, referencesOf } from '../images/chosen.ts'
import { buildHere, buildThere } from '../build/build.command.ts'
import { laptopBuilder } from '../build/builder.ts'
import { inspectProject } from '../methods.ts'
import { currentRelease } from '../current.ts'
import type { Observed, Wanted } from '../model.ts'
import { openRegistry } from '../build/registry.load.ts'
import { openTunnel } from '../build/tunnel.load.ts'
import { rehearsed, wantedOf } from './wanted.ts'

/** What a release verb works with: the connection is closed and the registry with it at the end. */
export type Session = {
  connection: AgentConnection
  registry: Registry
  loaded: Loaded
  wanted: Wanted
  observed: Observed
}

/** What `plan` and `deploy` may be told beside zarpe.yml. */
export type SessionOptions = {
  buildOn?: 'laptop' | 'server'
  /** False to keep the images of the current release: for new values alone. */
  build: boolean
  /** False to migrate without a backup. */
  backup?: boolean
  /** False to make nothing reachable from outside: for a rehearsal. */
  routes?: boolean
}

/** The server a verb acts on: `--server`, or the environment's own. */
const serverOf = (context: Context, loaded: Loaded) => {
  const server = loaded.app.servers[0]!
  return { name: server.name, target: context.options.server ?? server.target }
}

/** Loads, builds, connects and inspects; then does `act`. What serves has not changed before. */
export const withSession = async (
  context: Context,
  options: SessionOptions,
  act: (session: Session) => Promise<void>,
): Promise<void> => {
  const loaded = await loadApp(context.folder, context.options.env)
  const server = serverOf(context, loaded)
  // It takes a moment in a large repository, and needs nothing of what follows.
  const reading = options.build ? readGit(context.folder) : null
  const asked = { ...server, name: context.options.server ?? server.name }
  // A rehearsal on another server is no place for domains to lead to.
  const leading = options.routes === false ? null : askDns(loaded, asked)
  const own = await openRegistry()
  const { registry } = own
  const isThere = options.build && (options.buildOn ?? loaded.app.buildOn) === 'server'
  const tunnel = isThere ? await openTunnel() : null
  const connecting = connect(context.terminal, server.target, {
    forwardPort: registry.port,
    ...(tunnel ? { socket: tunnel } : {}),
  })
  // No build goes on for a server that cannot be reached; why it cannot is told below.
  const unreachable = new AbortController()
  connecting.catch(() => unreachable.abort())
  try {
    const build = async () => {
      if (!options.build) return {}
      if (tunnel) return buildThere(context, loaded, await connecting, tunnel)
      const known = await knownProcessor(parseTarget(server.target))
      const builder = laptopBuilder(own, unreachable.signal, known ?? undefined)
      const processor = connecting.then(({ greeting }) => greeting.processor ?? builder.processor)
      return buildHere(context, loaded, builder, processor)
    }
    const built = await build().catch(async (error: unknown) => {
      if (unreachable.signal.aborted) await connecting
      throw error
    })
    const connection = await connecting
    const { observed, resolved, hashKey } = await connection.wire.call(inspectProject, {
      project: loaded.app.project,
      references: referencesOf(loaded.app),
      images: Object.values(built).map((image) => image.reference),
      provision: loaded.app.provision,
    })
    const current = currentRelease(observed)
    const ours = options.build ? built : builtBefore(loaded.app, current)
    loaded.notes.push(...platformNotes(loaded.app, connection.greeting.processor))
    const images = imagesFor(loaded.app, ours, resolved, connection.greeting.processor)
    loaded.notes.push(...(await domainNotes(leading, loaded.app.routes, observed, connection)))
    const git = reading ? await reading : (current?.git ?? null)
    const from = {
      git,
      by: context.by,
      server: server.name,
      hashKey,
      backup: options.backup ?? true,
    }
    const app = options.routes === false ? rehearsed(loaded.app) : loaded.app
    const wanted = wantedOf(app, images, from)
    await act({ connection, registry, loaded, wanted, observed })
  } finally {
    await connecting.then((connection) => connection.close()).catch(() => undefined)
    await registry.close()
    if (tunnel) await tunnel.remove()
  }
}
