import type { Plan } from '../plan/plan.ts'
import { dataScope } from '../plan/scope.ts'
import { type Backup, localStore, type ObservedData } from './model.ts'
import { storesOf } from './state.ts'
import { step } from './step.ts'

/** The store to take a copy from: the server's own while it has one. */
export const nearestStore = (backup: Backup): string => {
  const stores = storesOf(backup)
  return stores.includes(localStore) ? localStore : (stores[0] ?? localStore)
}

/** Proves the copy of one store; `key` is that of its manifest, if it is encrypted. */
export const planProof = (backup: Backup, store: string, key: string | undefined): Plan => {
  return {
    verb: 'backup verify',
    title: `proof of ${backup.id} from ${store}`,
    scope: dataScope(backup.project),
    basis: '',
    steps: [
      step.prove(
        { project: backup.project, id: backup.id, from: store, ...(key ? { key } : {}) },
        backup.kind === 'cluster'
          ? 'recovered somewhere throw-away, and every table read'
          : 'restored somewhere throw-away and compared with its manifest',
      ),
    ],
    notes: [],
  }
}

/** Asks the live data what the user expects of it. */
export const planExpect = (observed: ObservedData, names: string[], title: string): Plan => {
  const asked = (observed.configured?.datasets ?? [])
    .filter(({ name, expect }) => expect.length > 0 && (names.length === 0 || names.includes(name)))
    .map(({ name }) => name)
  return {
    verb: 'backup expect',
    title,
    scope: dataScope(observed.project),
    basis: '',
    steps:
      asked.length > 0
        ? [step.expect(observed.project, asked, 'as zarpe.yml says under expect')]
        : [],
    notes: [],
  }
}
