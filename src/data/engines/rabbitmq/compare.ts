import type { RabbitmqContents } from '../../held.ts'
import type { Definition } from './definitions.ts'

/** A definition that both sides have, and the names of the fields in which they differ. */
type Changed = { definition: Definition; fields: string[] }

type Compared = { missing: Definition[]; changed: Changed[]; added: Definition[] }

/** What `found` lacks of `wanted`, has otherwise, and has beyond it. */
export const compared = (wanted: Definition[], found: Definition[]): Compared => {
  const idOf = ({ kind, key }: Definition) => `${kind} ${key}`
  const there = new Map(found.map((each) => [idOf(each), each]))
  const asked = new Set(wanted.map(idOf))
  return {
    missing: wanted.filter((each) => !there.has(idOf(each))),
    changed: wanted.flatMap((definition) => {
      const other = there.get(idOf(definition))
      const fields = other ? differingFields(definition, other) : []
      return fields.length > 0 ? [{ definition, fields }] : []
    }),
    added: found.filter((each) => !asked.has(idOf(each))),
  }
}

/** A later version exports fields that an earlier one did not know: those are its own defaults. */
const differingFields = ({ fields }: Definition, other: Definition): string[] =>
  Object.keys(fields).filter((name) => {
    const [then, now] = [fields[name]!, other.fields[name] ?? '{}']
    return name === 'metadata' ? !holdsAll(then, now) : then !== now
  })

const holdsAll = (then: string, now: string): boolean => {
  const [wanted, found] = [then, now].map((text) => JSON.parse(text) as Record<string, unknown>)
  return Object.entries(wanted!).every(
    ([name, value]) => JSON.stringify(found![name] ?? {}) === JSON.stringify(value),
  )
}

const linesOf = ({ missing, changed }: Pick<Compared, 'missing' | 'changed'>): string[] => [
  ...missing.map(({ label }) => `${label} is missing`),
  ...changed.map(({ definition, fields }) => `${definition.label} differs in ${words(fields)}`),
]

/** Every difference of a broker that has imported `wanted`, one line each; never with a value. */
export const rabbitmqDifferences = (wanted: Definition[], found: Definition[]): string[] => {
  const { added, ...lacking } = compared(wanted, found)
  return [
    ...linesOf(lacking),
    ...added.map(({ label }) => `${label} is there, and is not in the backup`),
  ]
}

/** How the definitions of a copy differ from what its manifest says of them. */
export const countDifferences = (
  wanted: RabbitmqContents['definitions'],
  found: RabbitmqContents['definitions'],
): string[] => {
  const kinds = new Set([...wanted, ...found].map(({ kind }) => kind))
  return [...kinds].flatMap((kind) => {
    const [then, now] = [wanted, found].map((list) => list.find((each) => each.kind === kind))
    if ((then?.count ?? 0) !== (now?.count ?? 0))
      return [`it has ${now?.count ?? 0} ${kindWords(kind)}, not ${then?.count ?? 0}`]
    return then?.sha256 === now?.sha256
      ? []
      : [`its ${kindWords(kind)} are as many as they were, and not the same`]
  })
}

/** An import changes everything that it finds but these: the broker has no way to. */
export const isFixed = ({ kind }: Definition): boolean => kind === 'queues' || kind === 'exchanges'

/** What an import should have brought about in a live broker, and has not. */
export const notImported = (wanted: Definition[], live: Definition[]): string[] => {
  const { missing, changed } = compared(wanted, live)
  return linesOf({ missing, changed: changed.filter(({ definition }) => !isFixed(definition)) })
}

/** How people call the fields and the lists of an export. */
export const words = (fields: string[]): string =>
  fields.map((name) => (name === 'password_hash' ? 'its password' : name)).join(', ')

export const kindWords = (kind: string): string =>
  kind === 'vhosts' ? 'virtual hosts' : kind.replaceAll('_', ' ')
