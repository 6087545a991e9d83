import type { ListedEntry } from './list.ts'

const linesMax = 50

/** Every difference between what was backed up and what was restored, one line each, up to a bound. */
export const listDifferences = (
  wanted: Map<string, ListedEntry>,
  found: Map<string, ListedEntry>,
): string[] => {
  const lines: string[] = []
  for (const [name, entry] of wanted) {
    const restored = found.get(name)
    if (!restored) lines.push(`${name} is missing`)
    else lines.push(...entryDifferences(entry, restored))
  }
  for (const name of found.keys())
    if (!wanted.has(name)) lines.push(`${name} was not in the backup`)
  return lines.slice(0, linesMax)
}

const words: [key: keyof ListedEntry, says: (wanted: string, found: string) => string][] = [
  ['kind', (wanted, found) => `is a ${found}, not a ${wanted}`],
  ['size', (wanted, found) => `has ${found} bytes, not ${wanted}`],
  ['sha256', () => 'has other content'],
  ['target', (wanted, found) => `leads to ${found}, not ${wanted}`],
  ['mode', (wanted, found) => `has mode ${found}, not ${wanted}`],
  ['uid', (wanted, found) => `belongs to user ${found}, not ${wanted}`],
  ['gid', (wanted, found) => `belongs to group ${found}, not ${wanted}`],
  ['mtime', (wanted, found) => `was changed at ${found}, not ${wanted}`],
  ['device', (wanted, found) => `is device ${found}, not ${wanted}`],
  ['attributes', () => 'has other extended attributes or ACLs'],
]

/** The first thing that differs is told; the others follow from it more often than not. */
const entryDifferences = (wanted: ListedEntry, found: ListedEntry): string[] => {
  for (const [key, says] of words) {
    const [left, right] = [textOf(wanted[key]), textOf(found[key])]
    if (left !== right) return [`${wanted.name} ${says(left, right)}`]
  }
  return []
}

const textOf = (value: ListedEntry[keyof ListedEntry]) =>
  typeof value === 'object' ? JSON.stringify(value) : String(value ?? 'nothing')
