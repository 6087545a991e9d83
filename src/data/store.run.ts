import { localStore } from './model.ts'
import { localFolder } from './places.ts'
import { settingsOf } from './settings/settings.run.ts'
import type { Store, StoreSettings } from './store.ts'
import { openStore } from './stores/table.ts'
import { Problem } from '../problem/problem.ts'

/** The server's own store, which every project has. */
const own: StoreSettings = { kind: 'local', name: localStore, folder: localFolder }

/** Opens a project's store by its name for as long as `act` takes. */
export const withStore = async <Result>(
  project: string,
  name: string,
  act: (store: Store) => Promise<Result>,
): Promise<Result> => {
  const store = await openStore(await storeSettings(project, name))
  try {
    return await act(store)
  } finally {
    await store.close()
  }
}

const storeSettings = async (project: string, name: string): Promise<StoreSettings> => {
  if (name === localStore) return own
  const { stores } = await settingsOf(project)
  const found = stores.find((store) => store.name === name)
  if (found) return found
  throw new Problem({
    code: 'data/no-such-store',
    summary: 'There is no such store.',
    detail: `"${name}" is none of: ${[localStore, ...stores.map((store) => store.name)].join(', ')}.`,
    fix: ['Name it in zarpe.yml under `stores`, then: zarpe deploy'],
  })
}
