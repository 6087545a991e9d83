import type { Archives } from '../../io/registry/archive.ts'
import type { Pushed } from '../../io/registry/pushed.ts'
import { environmentForOthers } from '../../io/host/processes/process.ts'
import { ownProcessor } from '../../io/host/machine/processor.ts'
import { ownRegistry, shipRegistry } from '../names.ts'

/** An engine that builds images, and the registry beside it that names what was built. */
export type Builder = {
  on: 'laptop' | 'server'
  /** Under which registry the server will know the image. */
  name: typeof shipRegistry | typeof ownRegistry
  /** Where that engine reaches its registry, as `host:port`. */
  address: string
  /** The whole environment of the `docker` program, which leads it to that engine. */
  env: NodeJS.ProcessEnv
  /**
   * What was pushed before, where images only pass through and the tag that is pushed goes again. Null where they are
   * to run: an engine forgets the digests of a repository with its last tag.
   */
  pushed: Pushed | null
  /** Takes up what an engine saved that cannot reach the registry: in a virtual machine, say. Null where it always can. */
  archives: Archives | null
  /** Of the server that is to run the images, as Docker names it. */
  processor: string
  /** How many images it builds at once. */
  atOnce: number
  signal: AbortSignal
}

/** The processor of the server counts, not the one that somebody is used to. */
const environmentForBuilds = () => {
  const { DOCKER_DEFAULT_PLATFORM: _platform, ...env } = environmentForOthers()
  return env
}

/** This program's own registry, and what it knows of images. */
type Own = { registry: { port: number }; pushed: Pushed; archives: Archives }

/** The engine that `docker` on this machine speaks to, and the registry inside this program. */
export const laptopBuilder = (
  { registry, pushed, archives }: Own,
  signal: AbortSignal,
  processor: string = ownProcessor(),
): Builder => ({
  on: 'laptop',
  processor,
  name: shipRegistry,
  address: `127.0.0.1:${registry.port}`,
  env: environmentForBuilds(),
  pushed,
  archives,
  atOnce: 3,
  signal,
})

/**
 * The server's engine, at the end of a socket on this machine. Whatever context or builder was chosen
 * here is set aside: the build must happen where the image is to run.
 */
export const serverBuilder = (socket: string, processor: string): Builder => {
  const { DOCKER_CONTEXT: _context, DOCKER_TLS_VERIFY: _tls, ...env } = environmentForBuilds()
  return {
    on: 'server',
    processor,
    name: ownRegistry,
    address: ownRegistry,
    env: { ...env, DOCKER_HOST: `unix://${socket}`, BUILDX_BUILDER: 'default' },
    pushed: null,
    archives: null,
    // What serves has the right of way.
    atOnce: 1,
    signal: new AbortController().signal,
  }
}
