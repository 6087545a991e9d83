const zoned = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}(:?\d{2})?)$/
const plain = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$/

/**
 * A time such as `2026-01-31 10:15` in milliseconds since the epoch; null, or NaN, if it is none. `zone`: what one without a zone
 * is of, the machine that it is written on or UTC.
 */
export const timeOf = (word: string, zone: 'here' | 'UTC'): number | null => {
  if (!zoned.test(word) && !plain.test(word)) return null
  // The 30th of February would be taken for the 2nd of March.
  const [year, month, day] = word.slice(0, 10).split('-').map(Number)
  const isDay = new Date(Date.UTC(year!, month! - 1, day)).getUTCDate() === day
  // psql prints a zone of whole hours without its minutes.
  const written = zoned.test(word)
    ? word.replace(/([+-]\d{2})$/, '$1:00')
    : `${word}${zone === 'UTC' ? 'Z' : ''}`
  return isDay ? Date.parse(written.replace(' ', 'T')) : null
}
