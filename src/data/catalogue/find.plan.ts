import type { Plan } from '../../plan/plan.ts'
import { dataScope } from '../../plan/scope.ts'
import type { FoundBackup, Keys } from '../model.ts'
import { step } from '../step.ts'

/** Adds to the catalogue what a store has and the server does not know. */
export const planFind = (
  project: string,
  store: string,
  found: FoundBackup[],
  keys: Keys,
  title: string,
): Plan => {
  const ids = found.filter(({ known }) => !known).map(({ id }) => id)
  const known = found.length - ids.length
  return {
    verb: 'backup find',
    title,
    scope: dataScope(project),
    basis: '',
    steps:
      ids.length > 0
        ? [step.find({ project, store, ids, keys }, `${ids.length} that the server does not know`)]
        : [],
    notes: [`${store} has ${found.length} backups; the server knows ${known} of them`],
  }
}
