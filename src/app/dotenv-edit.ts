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
 * bytes stay as they are: comments, also behind the value, `export` and the kind of line break. The file must be free of
 * problems.
 */
export const withValue = (text: string, name: string, value: string): string => {
  const changed = withLines(text, name, ({ start, tail, end }) => [
    `${start}${dotenvLine(name, value)}${tail}${end}`,
  ])
  if (changed !== null) return changed
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
  const end = text === '' || text.endsWith('\n') ? '' : lineBreak
  return `${text}${end}${dotenvLine(name, value)}${lineBreak}`
}

/** As `withValue`, the text without the name. */
export const withoutValue = (text: string, name: string): string =>
  withLines(text, name, () => []) ?? text

/** What stands around a value in its lines. */
type Around = { start: string; tail: string; end: string }

/** The text with other lines in place of those that set a name; null if none does. */
const withLines = (
  text: string,
  name: string,
  linesWith: (around: Around) => string[],
): string | null => {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const { lines, ends, tails } = parseDotenv('', text)
  if (!Object.hasOwn(lines, name)) return null
  const all = text.slice(mark.length).split('\n')
  const [first, last] = [lines[name]! - 1, ends[name]!]
  const around = {
    start: /^[ \t]*(?:export[ \t]+)?/.exec(all[first]!)![0],
    tail: commentOf(tails[name]!),
    end: all[last - 1]!.endsWith('\r') ? '\r' : '',
  }
  all.splice(first, last - first, ...linesWith(around))
  return mark + all.join('\n')
}

/** Right behind a value, a # would be part of it. */
const commentOf = (tail: string): string => {
  const comment = tail.trim()
  if (comment === '') return ''
  return /^[ \t]+#/.test(tail) ? tail.trimEnd() : ` ${comment}`
}
