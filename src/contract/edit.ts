import { parseDotenv } from '../app/dotenv.ts'

/** A line of an environment's file that stands for exactly this value. */
export const dotenvLine = (name: string, value: string): string => {
  if (/^[A-Za-z0-9_+/=:.,@%~-]*$/.test(value)) return `${name}=${value}`
  if (!/['\r\n]/.test(value)) return `${name}='${value}'`
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')
  return `${name}="${escaped}"`
}

/**
 * The text of an environment's file with one value set: in place of the old one, or at the end. All
 * other bytes stay as they are. The file must be free of problems.
 */
export const withValue = (text: string, name: string, value: string): string => {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n'
  const { lines } = parseDotenv('', text)
  const start = Object.hasOwn(lines, name) ? lines[name]! - 1 : -1
  if (start < 0) {
    const end = text === '' || text.endsWith('\n') ? '' : lineBreak
    return `${text}${end}${dotenvLine(name, value)}${lineBreak}`
  }
  const all = text.split('\n')
  const count = linesOfEntry(all.slice(start), name)
  const mark = start === 0 && text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const tail = all[start + count - 1]!.endsWith('\r') ? '\r' : ''
  all.splice(start, count, `${mark}${dotenvLine(name, value)}${tail}`)
  return all.join('\n')
}

/** Over how many lines an entry goes: the fewest that can be read by themselves. */
const linesOfEntry = (rest: string[], name: string): number => {
  for (let count = 1; count < rest.length; count += 1) {
    const { values, problems } = parseDotenv('', rest.slice(0, count).join('\n'))
    if (problems.length === 0 && Object.hasOwn(values, name)) return count
  }
  return rest.length
}
