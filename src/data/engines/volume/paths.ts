import { Problem } from '../../../problem/problem.ts'
import { misused } from '../../extract/extraction.ts'
import { nearFinder } from '../../extract/near.ts'
import { escaped, unescaped } from './escape.ts'
import type { ListedEntry } from './list.ts'

// Files that are taken out of a copy: which entries of its list are meant by the paths that were given.

/** What was chosen of a list: the entries, and the paths that name all of them, none below another. */
export type Chosen = { entries: Map<string, ListedEntry>; tops: string[] }

/**
 * The entries that paths in the volume mean: a file, or a folder with all that is below it. A path is written
 * as it is, or as the list has it; `.` is the whole volume. A `Problem` for the first that is not there.
 */
export const chosenEntries = async (
  id: string,
  what: string[],
  list: AsyncIterable<ListedEntry>,
): Promise<Chosen> => {
  const asked = what.map(bare)
  const meant = new Set(asked.flatMap((path) => [path, escaped(Buffer.from(path))]))
  const entries = new Map<string, ListedEntry>()
  const names = new Set<string>()
  const near = asked.map((path) => nearFinder(path, '/'))
  for await (const entry of list) {
    if (meant.has(entry.name)) names.add(entry.name)
    if (names.has('.') || within(entry.name, names)) entries.set(entry.name, entry)
    for (const each of near) each.add(entry.name)
  }
  const missing = asked.findIndex(
    (path) => !names.has(path) && !names.has(escaped(Buffer.from(path))),
  )
  if (missing >= 0) throw noSuchFile(id, what[missing]!, near[missing]!.names())
  const tops = [...names].filter((name) => name === '.' || !within(parentOf(name), names))
  return { entries, tops: names.has('.') ? ['.'] : tops }
}

/** Whether a name, or a folder that it is in, is among some. */
const within = (name: string, names: Set<string>): boolean => {
  for (let at = name; at !== ''; at = parentOf(at)) if (names.has(at)) return true
  return false
}

const parentOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/')))

const bare = (path: string): string => path.replace(/^(\.?\/+)+/, '').replace(/\/+$/, '') || '.'

/** Files that chosen ones are further names of, and that were not chosen themselves. */
export const linkedTo = ({ entries }: Chosen): string[] => [
  ...new Set(
    [...entries.values()]
      .filter(({ kind, target }) => kind === 'link' && !entries.has(target!))
      .map(({ target }) => target!),
  ),
]

/** Names as tar reads them from a file with `--null`. */
export const nameList = (names: string[], prefix: string): Buffer =>
  Buffer.concat(
    names.flatMap((name) => [
      Buffer.from(name === '.' ? '' : prefix),
      unescaped(name),
      Buffer.alloc(1),
    ]),
  )

/** What holds how much of what was chosen, each path by itself. */
export const countedTops = ({ entries, tops }: Chosen) =>
  tops.map((top) => {
    const inside = [...entries.values()].filter(
      ({ name, kind }) =>
        (kind === 'file' || kind === 'link') && (top === '.' || within(name, new Set([top]))),
    )
    return { what: top, count: inside.length, unit: 'file' }
  })

/** A folder, several paths or a thing that is no file cannot be a file on the laptop. */
export const needsTar = (id: string, what: string) =>
  misused(`${what} can only come as a tar, with owners and rights in it.`, [
    `zarpe backup extract ${id} … --to files.tar    # then: tar -xf files.tar`,
  ])

const noSuchFile = (id: string, path: string, near: string[]) =>
  new Problem({
    code: 'data/no-such-file',
    summary: 'The backup has no such file or folder.',
    detail: `It has no "${path}"${near.length > 0 ? `; near it: ${near.join(', ')}` : ''}. Paths begin in the volume, not where a container mounts it.`,
    fix: [`zarpe backup extract ${id} . --to all.tar    # everything; tar -tf all.tar lists it`],
  })
