import { cacheFolder } from '../../io/host/machine/cache.ts'
import { type Archives, openArchives } from '../../io/registry/archive.ts'
import { openPushed, type Pushed } from '../../io/registry/pushed.ts'
import { type Registry, serveRegistry } from '../../io/registry/serve.ts'
import { openStore } from '../../io/registry/store.ts'

/** Opens this machine's own registry; its layers outlive it, so a second build sends only news. */
export const openRegistry = async (): Promise<{
  registry: Registry
  pushed: Pushed
  archives: Archives
}> => {
  const folder = cacheFolder('registry')
  const store = await openStore(folder)
  return {
    registry: await serveRegistry(store),
    pushed: openPushed(store, folder),
    archives: openArchives(store, folder),
  }
}
