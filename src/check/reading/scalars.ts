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

/** The variable that a text sets, in either form: below its name, or as `NAME=value`. */
export const variableOf = (path: (string | number)[], text: string): [string, string] => {
  const last = path.at(-1)
  const inList = typeof last === 'number' ? path.at(-2) : undefined
  const match = inList === undefined ? null : /^([A-Za-z_][\w.-]*)=(.*)$/s.exec(text)
  if (match && (inList === 'environment' || inList === 'args')) return [match[1]!, match[2]!]
  const holder = path.at(-2)
  return holder === 'environment' || holder === 'args' ? [String(last), text] : ['', text]
}

/** How a message names a text of a Compose file. */
export const placeWords = (path: (string | number)[], name: string): string => {
  if (!name) return `\`${path.join('.')}\``
  return path[0] === 'services'
    ? `\`${name}\` of service "${String(path[1])}"`
    : `\`${name}\` of \`${String(path[0])}\``
}
