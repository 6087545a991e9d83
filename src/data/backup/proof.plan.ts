import type { Plan } from '../../plan/plan.ts'
import { dataScope } from '../../plan/scope.ts'
import type { Backup, Keys, ObservedData } from '../model.ts'
import { step } from '../step.ts'

/** Proves the copy of one store; `keys` are lent for those that are encrypted. */
export const planProof = (backup: Backup, store: string, keys: Keys | undefined): Plan => {
  return {
    verb: 'backup verify',
    title: `proof of ${backup.id} from ${store}`,
    scope: dataScope(backup.project),
    basis: '',
    steps: [
      step.prove(
        { project: backup.project, id: backup.id, from: store, ...(keys ? { keys } : {}) },
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
