import type { ClusterContents, Contents } from '../../held.ts'
import { isHistory } from '../../wal/names.ts'

const folder = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/
const dataset = /^[a-z][a-z0-9-]{0,30}$/

/**
 * What of a manifest could lead anywhere but where it belongs, or null: a store may hold anything, and these become
 * names of files.
 */
export const untrusted = (held: ClusterContents): string | null => {
  const { below, history, dataset: name } = held
  if (below !== '' && !below.split('/').every((part) => folder.test(part)))
    return 'its data folder is in a strange place'
  if (!isHistory(history)) return 'its history has no name of one'
  return dataset.test(name) ? null : 'its dataset has no name of one'
}

/** A copy with those that it builds on, the full one first; or what keeps them from belonging together. */
export const chainIn = (held: ClusterContents, earlier: Contents[]): ClusterContents[] | string => {
  const chain = [...earlier, held]
  const isOfIt = (each: Contents): each is ClusterContents =>
    each.kind === 'cluster' &&
    each.history === held.history &&
    each.timeline === held.timeline &&
    each.dataset === held.dataset
  if (!chain.every(isOfIt)) return 'what it builds on is of another history'
  const fullOnes = chain.filter(({ after }) => after === undefined)
  return fullOnes.length === 1 && fullOnes[0] === chain[0] ? chain : 'what it builds on is missing'
}
