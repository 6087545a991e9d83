import type { MongodbContents } from '../../held.ts'
import { keyOf, nameOf } from '../tables.ts'

/** What was found in a restored server, as the manifest has it. */
export type MongodbFound = Pick<MongodbContents, 'collections' | 'logins'>

type Collection = MongodbContents['collections'][number]

const asTable = ({ database, name }: { database: string; name: string }) => ({
  schema: database,
  name,
})

/** Every difference between what was backed up and what was restored, one line each. */
export const mongodbDifferences = (wanted: MongodbFound, found: MongodbFound): string[] => {
  const there = new Map(found.collections.map((each) => [keyOf(asTable(each)), each]))
  const lines = wanted.collections.flatMap((each) => {
    const restored = there.get(keyOf(asTable(each)))
    there.delete(keyOf(asTable(each)))
    return differencesOf(each, restored)
  })
  return [
    ...lines,
    ...[...there.values()].map((each) => `${nameOf(asTable(each))} was not in the backup`),
    ...(wanted.logins.sha256 === found.logins.sha256 ? [] : ['users or roles differ']),
  ]
}

const differencesOf = (wanted: Collection, found: Collection | undefined): string[] => {
  const name = nameOf(asTable(wanted))
  if (!found) return [`${name} is missing (${wanted.documents} documents)`]
  if (found.documents !== wanted.documents)
    return [`${name} has ${found.documents} documents, not ${wanted.documents}`]
  if (found.md5 !== wanted.md5)
    return [`${name} has its ${wanted.documents} documents, but other values in them`]
  return found.definitionSha256 === wanted.definitionSha256
    ? []
    : [`${name} has other indexes or options`]
}

export type Estimate = { database: string; name: string; documents: number }

/**
 * What a dump cannot have left out: collections that were there before and after it, with documents each time. A server
 * by itself has no snapshot of more than one collection, so that numbers alone may rightly differ.
 */
export const lostIn = (found: MongodbFound, before: Estimate[], after: Estimate[]): string[] => {
  const there = new Map(found.collections.map((each) => [keyOf(asTable(each)), each]))
  const later = new Map(after.map((each) => [keyOf(asTable(each)), each.documents]))
  return before.flatMap((each) => {
    const stillThere = later.get(keyOf(asTable(each)))
    if (stillThere === undefined) return []
    const copied = there.get(keyOf(asTable(each)))
    if (!copied) return [`${nameOf(asTable(each))} is not in the dump`]
    const isEmptied = copied.documents === 0 && Math.min(each.documents, stillThere) > 0
    return isEmptied ? [`${nameOf(asTable(each))} has no documents in the dump`] : []
  })
}
