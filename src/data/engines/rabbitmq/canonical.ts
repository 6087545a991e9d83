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

export const compareText = (left: string, right: string) =>
  left < right ? -1 : left > right ? 1 : 0
