// JSON in one form, however a broker writes it.

export type Entry = Record<string, unknown>

export const isEntry = (value: unknown): value is Entry =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The value of a field as JSON with sorted keys. Tags have no order, and a broker writes what is empty as a
 * list or as an object, as it happens.
 */
export const canonical = (field: string, value: unknown): string => {
  if (Array.isArray(value)) {
    if (value.length === 0) return '{}'
    const texts = value.map((each) => canonical('', each))
    return `[${(field === 'tags' ? texts.toSorted(compareText) : texts).join(',')}]`
  }
  if (!isEntry(value)) return JSON.stringify(value ?? null)
  const parts = Object.keys(value)
    .toSorted(compareText)
    .map((key) => `${JSON.stringify(key)}:${canonical(key, value[key])}`)
  return `{${parts.join(',')}}`
}

/**
 * Brokers of 3.12 and 3.13 write of a virtual host without a default type of queues that it is `undefined`. Taken in
 * again, that word is a type that there is not, and no queue can be made there any more.
 */
export const withoutUndefined = (text: string): string =>
  text
    .replaceAll(/,\s*"default_queue_type"\s*:\s*"undefined"/g, '')
    .replaceAll(/"default_queue_type"\s*:\s*"undefined"\s*,?\s*/g, '')

export const compareText = (left: string, right: string) =>
  left < right ? -1 : left > right ? 1 : 0
