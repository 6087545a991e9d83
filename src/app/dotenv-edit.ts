import { parseDotenv } from './dotenv.ts'

/** A line of a `.env` file that `parseDotenv` reads as exactly this value. A NUL has no place in one. */
export const dotenvLine = (name: string, value: string): string => {
  if (/^[\w.:/@%+,=~-]*$/.test(value)) return `${name}=${value}`
  if (!/['\r\n]/.test(value)) return `${name}='${value}'`
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('$', () => '\\$')
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')
  return `${name}="${escaped}"`
}

/**
 * The text of a `.env` file with one value set: in place of the old one, or at the end. All other
 * bytes stay as they are, comments and the kind of line break included. The file must be free of
 * problems.
 */
export const withValue = (text: string, name: string, value: string): string => {
  const changed = withLines(text, name, (tail) => [`${dotenvLine(name, value)}${tail}`])
  if (changed !== null) return changed
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
  const end = text === '' || text.endsWith('\n') ? '' : lineBreak
  return `${text}${end}${dotenvLine(name, value)}${lineBreak}`
}

/** As `withValue`, the text without the name. */
export const withoutValue = (text: string, name: string): string =>
  withLines(text, name, () => []) ?? text

/** The text with other lines in place of those that set a name; null if none does. */
const withLines = (
  text: string,
  name: string,
  linesWith: (tail: string) => string[],
): string | null => {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const { lines, ends } = parseDotenv('', text)
  if (!Object.hasOwn(lines, name)) return null
  const all = text.slice(mark.length).split('\n')
  const [start, end] = [lines[name]! - 1, ends[name]!]
  const tail = all[end - 1]!.endsWith('\r') ? '\r' : ''
  all.splice(start, end - start, ...linesWith(tail))
  return mark + all.join('\n')
}
