import type { Located } from '../config/places.ts'

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
