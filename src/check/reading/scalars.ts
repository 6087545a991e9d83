import type { Located } from '../../config/places.ts'

export type Scalar = { path: (string | number)[]; text: string }

/** Every text and number of a YAML file, once, where it was written and not where an alias repeats it. */
export const scalarsOf = (located: Located): Scalar[] =>
  below(located.value, []).filter(({ path }) => located.has(path))

const below = (value: unknown, path: (string | number)[]): Scalar[] => {
  if (Array.isArray(value)) return value.flatMap((each, index) => below(each, [...path, index]))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, each]) => below(each, [...path, key]))
  return typeof value === 'string' || typeof value === 'number'
    ? [{ path, text: String(value) }]
    : []
}

/**
 * The variable that a text sets, in either form: below its name, or as `NAME=value`. What a block at
 * the top such as `x-env: &env` holds is merged into a service's variables as likely as not.
 */
export const variableOf = (path: (string | number)[], text: string): [string, string] => {
  const holder = path.at(-2)
  const isShared = String(path[0]).startsWith('x-')
  if (holder !== 'environment' && holder !== 'args' && !isShared) return ['', text]
  const last = path.at(-1)
  if (typeof last === 'string') return [last, text]
  const [, name, value] = /^([A-Za-z_][\w.-]*)=(.*)$/s.exec(text) ?? []
  return name !== undefined && value !== undefined ? [name, value] : ['', text]
}

/** How a message names a text of a Compose file. */
export const placeWords = (path: (string | number)[], name: string): string => {
  if (!name || path.length === 1) return `\`${path.join('.')}\``
  return path[0] === 'services'
    ? `\`${name}\` of service "${String(path[1])}"`
    : `\`${name}\` of \`${String(path[0])}\``
}
