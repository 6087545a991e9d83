import { homedir } from 'node:os'
import { join } from 'node:path'
import type { App } from '../../app/model.ts'
import { type Registry, serveRegistry } from '../../io/registry/serve.ts'
import { openPushed, type Pushed } from '../../io/registry/pushed.ts'
import { openStore } from '../../io/registry/store.ts'
import { atOnce } from './at-once.ts'
import { buildImage } from './docker.run.ts'
import { buildsOf } from './same-builds.ts'
import type { Builder } from './builder.ts'
import type { ReleasedImage } from '../model.ts'

/** Where the layers that were built wait for servers that lack them. */
const storeFolder = () =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'zarpe', 'registry')

/** Opens this machine's own registry; its layers outlive it, so a second build sends only news. */
export const openRegistry = async (): Promise<{ registry: Registry; pushed: Pushed }> => {
  const store = await openStore(storeFolder())
  return { registry: await serveRegistry(store), pushed: openPushed(store, storeFolder()) }
}

/** Builds what the app builds, several contexts at once. The first that fails ends the others. */
export const buildImages = async (
  app: App,
  builder: Builder,
  onLine: (service: string, line: string) => void,
): Promise<Record<string, ReleasedImage>> => {
  const failed = new AbortController()
  const own = { ...builder, signal: AbortSignal.any([builder.signal, failed.signal]) }
  const images = await atOnce(buildsOf(app.services), builder.atOnce, async (builds) => {
    try {
      const built: Record<string, ReleasedImage> = {}
      for (const same of builds) Object.assign(built, await buildImage(app, same, own, onLine))
      return built
    } catch (error) {
      failed.abort()
      throw error
    }
  })
  return Object.assign({}, ...images) as Record<string, ReleasedImage>
}

/** Names of images that come from a registry and must be resolved by the server. */
export const referencesOf = (app: App): string[] => [
  ...new Set(
    app.services.flatMap((service) =>
      service.image.from === 'registry' ? [service.image.reference] : [],
    ),
  ),
]
