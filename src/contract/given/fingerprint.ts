import { createHmac } from 'node:crypto'

/** Fewest bytes of a key; a shorter one could be tried out. */
export const keyBytes = 32

/** A value's fingerprint under a key: equal for equal values, and without the key worth nothing. */
export const fingerprintOf = (key: Buffer, name: string, value: string): string =>
  createHmac('sha256', key).update(`${name}=${value}`).digest('hex')

/** The fingerprint of each value. */
export const fingerprintsOf = (
  key: Buffer,
  values: Record<string, string>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, fingerprintOf(key, name, value)]),
  )

export type Difference = {
  name: string
  state: 'same' | 'differs' | 'only-left' | 'only-right'
}

/** Every name of two sides, in alphabetical order, and how they compare. */
export const compare = (
  left: Record<string, string>,
  right: Record<string, string>,
): Difference[] => {
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].toSorted()
  return names.map((name) => {
    if (!Object.hasOwn(right, name)) return { name, state: 'only-left' }
    if (!Object.hasOwn(left, name)) return { name, state: 'only-right' }
    return { name, state: left[name] === right[name] ? 'same' : 'differs' }
  })
}
