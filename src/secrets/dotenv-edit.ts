import { parseDotenv } from '../app/dotenv.ts'

/** A line of a `.env` file that `parseDotenv` reads as exactly this value. A NUL has no place in one. */
export const dotenvLine = (name: string, value: string): string => {
  if (/^[\w.:/@%+,=-]+$/.test(value)) return `${name}=${value}`
  if (!/['\r\n]/.test(value)) return `${name}='${value}'`
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')
  return `${name}="${escaped}"`
}

/**
 * The text of a `.env` file with one value set: in its own place if it was there, else at the end.
 * Every other line stays as it is, comments included.
 */
export const withValue = (text: string, name: string, value: string): string => {
  const plain = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const { lines, ends } = parseDotenv('', plain)
  const line = dotenvLine(name, value)
  const all = plain === '' ? [] : plain.replace(/\n$/, '').split('\n')
  const from = lines[name]
  const changed =
    from === undefined
      ? [...all, line]
      : [...all.slice(0, from - 1), line, ...all.slice(ends[name])]
  return `${changed.join('\n')}\n`
}
