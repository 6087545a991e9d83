import { homedir } from 'node:os'
import { join } from 'node:path'
import { type Archives, openArchives } from '../../io/registry/archive.ts'
import { openPushed, type Pushed } from '../../io/registry/pushed.ts'
import { type Registry, serveRegistry } from '../../io/registry/serve.ts'
import { openStore } from '../../io/registry/store.ts'

/** Where the layers that were built wait for servers that lack them. */
const storeFolder = () =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'zarpe', 'registry')

/** Opens this machine's own registry; its layers outlive it, so a second build sends only news. */
export const openRegistry = async (): Promise<{
  registry: Registry
  pushed: Pushed
  archives: Archives
}> => {
  const store = await openStore(storeFolder())
  return {
    registry: await serveRegistry(store),
    pushed: openPushed(store, storeFolder()),
    archives: openArchives(store, storeFolder()),
  }
}
