import { parseDotenv } from './dotenv.ts'

/** A line of a `.env` file that `parseDotenv` reads as exactly this value. A NUL has no place in one. */
export const dotenvLine = (name: string, value: string): string => {
  if (/^[\w.:/@%+,=~-]*$/.test(value)) return `${name}=${value}`
  if (!/['\r\n]/.test(value)) return `${name}='${value}'`
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
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
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
  const { lines, ends } = parseDotenv('', text)
  if (!Object.hasOwn(lines, name)) {
    const end = text === '' || text.endsWith('\n') ? '' : lineBreak
    return `${text}${end}${dotenvLine(name, value)}${lineBreak}`
  }
  const all = text.split('\n')
  const [start, end] = [lines[name]! - 1, ends[name]!]
  const mark = start === 0 && text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const tail = all[end - 1]!.endsWith('\r') ? '\r' : ''
  all.splice(start, end - start, `${mark}${dotenvLine(name, value)}${tail}`)
  return all.join('\n')
}
