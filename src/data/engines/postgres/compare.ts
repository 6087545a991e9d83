import type { PostgresContents, SequenceBracket } from '../../held.ts'
import { keyOf, nameOf, tableDifferences } from '../tables.ts'

/** What was found in a restored database, as the manifest of the original has it. */
export type Found = Pick<PostgresContents, 'tables' | 'largeObjects' | 'extensions'> & {
  sequences: { schema: string; name: string; value: string }[]
  /** Null where definitions are not compared, nor versions of extensions. */
  schemaSha256: string | null
}

/** Every difference between what was backed up and what was restored, one line each; none: it is proven. */
export const differencesOf = (wanted: PostgresContents, found: Found): string[] => [
  ...tableDifferences(wanted, found),
  ...sequenceDifferences(wanted, found),
  ...largeObjectDifferences(wanted, found),
  ...extensionDifferences(wanted, found, found.schemaSha256 !== null),
  ...(found.schemaSha256 !== null && wanted.schemaSha256 !== found.schemaSha256
    ? ['the definitions of tables, views, functions or rights differ (pg_dump --schema-only)']
    : []),
]

const sequenceDifferences = (wanted: PostgresContents, found: Found): string[] => {
  const there = new Map(found.sequences.map((each) => [keyOf(each), each.value]))
  return wanted.sequences.flatMap((bracket) => {
    const value = there.get(keyOf(bracket))
    if (value === undefined) return [`sequence ${nameOf(bracket)} is missing`]
    return isWithin(bracket, value)
      ? []
      : [
          `sequence ${nameOf(bracket)} stands at ${value || 'its start'}, not between ${bracket.before || 'its start'} and ${bracket.after || 'its start'}`,
        ]
  })
}

/** An empty value is a sequence that nobody has used yet. */
const isWithin = ({ before, after }: SequenceBracket, value: string): boolean => {
  if (value === before || value === after) return true
  if (before === '' && after !== '') return value !== ''
  if (before === '' || after === '' || value === '') return false
  const [low, high] = [BigInt(before), BigInt(after)].toSorted((left, right) =>
    left < right ? -1 : left > right ? 1 : 0,
  )
  return low! <= BigInt(value) && BigInt(value) <= high!
}

const largeObjectDifferences = (wanted: PostgresContents, found: Found): string[] => {
  if (!wanted.largeObjects || !found.largeObjects) return []
  if (wanted.largeObjects.count !== found.largeObjects.count)
    return [`there are ${found.largeObjects.count} large objects, not ${wanted.largeObjects.count}`]
  const { empty = found.largeObjects.empty } = wanted.largeObjects
  if (empty !== found.largeObjects.empty)
    return [`there are ${found.largeObjects.empty} empty large objects, not ${empty}`]
  return wanted.largeObjects.digest === found.largeObjects.digest
    ? []
    : ['large objects have other content']
}

/** A server that was upgraded brings its extensions in another version; the rows must be the same all the same. */
const extensionDifferences = (
  wanted: PostgresContents,
  found: Found,
  versions: boolean,
): string[] => {
  const there = new Map(found.extensions.map(({ name, version }) => [name, version]))
  return wanted.extensions
    .filter(({ name, version }) => (versions ? there.get(name) !== version : !there.has(name)))
    .map(
      ({ name, version }) => `extension ${name} is ${there.get(name) ?? 'missing'}, not ${version}`,
    )
}
