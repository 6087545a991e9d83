import { createHash } from 'node:crypto'
import type { RabbitmqContents } from '../../held.ts'
import { canonical, compareText, type Entry, isEntry, withoutUndefined } from './canonical.ts'
import { identityOf } from './identity.ts'

/** One thing that a broker is told, in a form that compares. */
export type Definition = {
  /** As the export calls the list it is in, such as `queues`. */
  kind: string
  /** What makes it itself among its kind. */
  key: string
  /** What people call it. Nothing in it is secret. */
  label: string
  /** Null for what belongs to no virtual host. */
  vhost: string | null
  /** Each of its fields, as canonical text. Hashes of passwords are among them: never shown. */
  fields: Record<string, string>
}

export type Definitions = {
  version: string
  /** In canonical order. */
  kept: Definition[]
  leftOut: RabbitmqContents['leftOut']
}

/**
 * What `rabbitmqctl export_definitions` has written, in a form that does not depend on the order in which a broker
 * tells it; null if it is no such file.
 */
export const parseDefinitions = (text: string): Definitions | null => {
  const lists = listsIn(text)
  if (!lists) return null
  const named = (kind: string) => new Set((lists.found[kind] ?? []).map(placeOf))
  const isAbsent = absentFrom(named('queues'), named('exchanges'))
  const all = Object.entries(lists.found).flatMap(([kind, entries]) =>
    entries.filter((entry) => !isOfTheServer(kind, entry)).map((entry) => ({ kind, entry })),
  )
  const isNamedByServer = ({ kind, entry }: (typeof all)[number]) =>
    kind === 'queues' && String(entry['name']).startsWith(ownPrefix)
  const isLoose = ({ kind, entry }: (typeof all)[number]) => kind === 'bindings' && isAbsent(entry)
  const kept = all.filter((each) => !isNamedByServer(each) && !isLoose(each))
  return {
    version: lists.version,
    kept: kept
      .map(({ kind, entry }) => definitionOf(kind, entry))
      .toSorted((left, right) => compareText(sortKey(left), sortKey(right))),
    leftOut: [
      {
        what: 'queue',
        count: all.filter(isNamedByServer).length,
        why: 'named by the broker itself',
      },
      { what: 'binding', count: all.filter(isLoose).length, why: 'of a queue that is not in it' },
    ].filter(({ count }) => count > 0),
  }
}

const listsIn = (text: string): { version: string; found: Record<string, Entry[]> } | null => {
  try {
    const value: unknown = JSON.parse(withoutUndefined(text))
    if (!isEntry(value) || !Array.isArray(value['vhosts'])) return null
    const found = Object.entries(value).flatMap(([kind, list]) =>
      Array.isArray(list) ? [[kind, list.filter(isEntry)] as const] : [],
    )
    const version = value['rabbitmq_version'] ?? value['rabbit_version']
    return {
      version: typeof version === 'string' ? version : 'of unknown version',
      found: Object.fromEntries(found),
    }
  } catch {
    return null
  }
}

/** Every broker has exchanges of these names, and an import makes nothing that is called so. */
const ownPrefix = 'amq.'

const placeOf = ({ vhost, name }: Entry) => JSON.stringify([vhost, name])

/** What a broker makes for itself, of which an import takes nothing. */
const isOfTheServer = (kind: string, { name }: Entry): boolean => {
  const text = String(name)
  if (kind === 'exchanges') return text === '' || text.startsWith(ownPrefix)
  return (
    kind === 'global_parameters' &&
    /^(internal|cluster_(name|tags)$|imported_definition)/.test(text)
  )
}

/** An exclusive queue goes with its connection and is in no export, though its bindings are. */
const absentFrom =
  (queues: Set<string>, exchanges: Set<string>) =>
  ({ vhost, source, destination, destination_type: type }: Entry): boolean => {
    const isExchange = (name: unknown) =>
      name === '' || String(name).startsWith(ownPrefix) || exchanges.has(placeOf({ vhost, name }))
    // A queue that the broker named is left out, and its bindings with it.
    const isQueue = (name: unknown) =>
      queues.has(placeOf({ vhost, name })) && !String(name).startsWith(ownPrefix)
    return !isExchange(source) || !(type === 'queue' ? isQueue : isExchange)(destination)
  }

const definitionOf = (kind: string, entry: Entry): Definition => {
  const fields = Object.fromEntries(
    Object.entries(entry).map(([name, value]) => [name, canonical(name, value)]),
  )
  const { by, label } = identityOf(kind, entry)
  const key = JSON.stringify(by === null ? fields : by.map((name) => fields[name] ?? null))
  const vhost = kind === 'vhosts' ? entry['name'] : entry['vhost']
  return { kind, key, label, vhost: typeof vhost === 'string' ? vhost : null, fields }
}

/** Whether it is a user or a virtual host of that name, or belongs to one. */
export const isOf = ({ kind, vhost, fields }: Definition, name: string): boolean => {
  const text = JSON.stringify(name)
  return vhost === name || fields['user'] === text || (kind === 'users' && fields['name'] === text)
}

const sortKey = ({ kind, key }: Definition) => `${kind} ${key}`

/** How many there are of each kind, with a digest of all that is in them, in any order. */
export const countsOf = (definitions: Definition[]): RabbitmqContents['definitions'] =>
  [...Map.groupBy(definitions, ({ kind }) => kind)].map(([kind, each]) => ({
    kind,
    count: each.length,
    sha256: createHash('sha256')
      .update(each.map(lineOf).toSorted(compareBytes).join(''))
      .digest('hex'),
  }))

const compareBytes = (left: string, right: string) =>
  Buffer.compare(Buffer.from(left), Buffer.from(right))

/** A definition as one line: the fields in order, so that their digest is of everything in it. */
const lineOf = ({ fields }: Definition): string => {
  const parts = Object.keys(fields)
    .toSorted(compareText)
    .map((name) => `${JSON.stringify(name)}:${fields[name]}`)
  return `{${parts.join(',')}}\n`
}
