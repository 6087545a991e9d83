import { homedir } from 'node:os'
import { join } from 'node:path'
import type { App } from '../app/model.ts'
import { type Registry, serveRegistry } from '../io/registry/serve.ts'
import { openStore } from '../io/registry/store.ts'
import { buildImage } from './build.run.ts'
import type { Builder } from './builder.ts'
import type { ReleasedImage } from './model.ts'

/** Where the layers that were built wait for servers that lack them. */
const storeFolder = () =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'zarpe', 'registry')

/** Opens this machine's own registry; its layers outlive it, so a second build sends only news. */
export const openRegistry = async (): Promise<Registry> =>
  serveRegistry(await openStore(storeFolder()))

/** Builds what the app builds, service by service. */
export const buildImages = async (
  app: App,
  builder: Builder,
  onLine: (service: string, line: string) => void,
): Promise<Record<string, ReleasedImage>> => {
  const built: Record<string, ReleasedImage> = {}
  for (const service of app.services) {
    if (service.image.from !== 'build') continue
    built[service.name] = await buildImage(app, service, builder, (line) =>
      onLine(service.name, line),
    )
  }
  return built
}

/** Names of images that come from a registry and must be resolved by the server. */
export const referencesOf = (app: App): string[] => [
  ...new Set(
    app.services.flatMap((service) =>
      service.image.from === 'registry' ? [service.image.reference] : [],
    ),
  ),
]
