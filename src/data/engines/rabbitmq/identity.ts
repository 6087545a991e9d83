import type { Entry } from './canonical.ts'

// What makes a definition itself, and what people call it.

/** `by`: the fields that no two of the kind have alike; null for all of them. */
export type Identity = { by: string[] | null; label: string }

type Kind = { by: string[]; label: (shown: (name: string) => string) => string }

const named = (word: string): Kind => ({
  by: ['name'],
  label: (shown) => `${word} ${shown('name')}`,
})

const inVhost = (word: string): Kind => ({
  by: ['vhost', 'name'],
  label: (shown) => `${word} ${shown('name')} in ${shown('vhost')}`,
})

/** The lists of an export. What a later version adds is compared too, as what has a name. */
const kinds: Record<string, Kind> = {
  users: named('user'),
  vhosts: named('virtual host'),
  permissions: {
    by: ['vhost', 'user'],
    label: (shown) => `permission of ${shown('user')} in ${shown('vhost')}`,
  },
  topic_permissions: {
    by: ['vhost', 'user', 'exchange'],
    label: (shown) =>
      `topic permission of ${shown('user')} on ${shown('exchange')} in ${shown('vhost')}`,
  },
  parameters: {
    by: ['vhost', 'component', 'name'],
    label: (shown) => `parameter ${shown('component')} ${shown('name')} in ${shown('vhost')}`,
  },
  global_parameters: named('global parameter'),
  policies: inVhost('policy'),
  queues: inVhost('queue'),
  exchanges: inVhost('exchange'),
  bindings: {
    by: ['vhost', 'source', 'destination_type', 'destination', 'routing_key', 'arguments'],
    label: (shown) =>
      `binding of ${shown('source')} to ${shown('destination')} by ${shown('routing_key')} in ${shown('vhost')}`,
  },
}

/** By these a user may say of `expect` how many there must be. */
export const knownKinds: readonly string[] = Object.keys(kinds)

export const identityOf = (kind: string, entry: Entry): Identity => {
  const known = Object.hasOwn(kinds, kind) ? kinds[kind]! : null
  const shown = (name: string) => quotedName(entry[name])
  if (known) return { by: known.by, label: known.label(shown) }
  const word = `${kind} ${shown('name')}`
  if (!Object.hasOwn(entry, 'name')) return { by: null, label: `one of ${kind}` }
  return Object.hasOwn(entry, 'vhost')
    ? { by: ['vhost', 'name'], label: `${word} in ${shown('vhost')}` }
    : { by: ['name'], label: word }
}

/** A name may hold anything, and is shown on a terminal. */
const quotedName = (name: unknown): string =>
  JSON.stringify(typeof name === 'string' ? name : '').replaceAll(/\p{Cc}/gu, '?')
