import { createHash } from 'node:crypto'
import { escaped } from './escape.ts'
import { tarReader, type TreeEntry } from './tar.ts'

/** An entry as the list of a copy has it; see docs/formats/backup.md. */
export type ListedEntry = {
  name: string
  kind: TreeEntry['kind']
  mode?: string
  uid?: number
  gid?: number
  size?: number
  mtime?: string
  target?: string
  device?: string
  attributes?: Record<string, string>
  sha256?: string
}

/** A hard link has nothing of its own but its name. */
export const listed = (entry: TreeEntry): ListedEntry => {
  const named = { name: escaped(entry.name), kind: entry.kind }
  if (entry.kind === 'link') return { ...named, target: escaped(entry.target) }
  return {
    ...named,
    mode: `0${entry.mode.toString(8).padStart(3, '0')}`,
    uid: entry.uid,
    gid: entry.gid,
    ...(entry.sha256 === null ? {} : { size: entry.size }),
    mtime: entry.mtime,
    ...(entry.kind === 'symlink' ? { target: escaped(entry.target) } : {}),
    ...(entry.device ? { device: entry.device } : {}),
    ...(Object.keys(entry.attributes).length > 0 ? { attributes: entry.attributes } : {}),
    ...(entry.sha256 === null ? {} : { sha256: entry.sha256 }),
  }
}

/** What is known of a tree once all of it has passed. */
export type TreeCount = { entries: number; files: number; bytes: number; sha256: string }

/**
 * Makes the list of a tree from its tar, as it flows by. `take` answers the lines that have come since; the
 * count's digest is that of all lines.
 */
export const treeLister = () => {
  const hash = createHash('sha256')
  const count = { entries: 0, files: 0, bytes: 0 }
  let lines = ''
  let newest = ''
  const reader = tarReader((entry) => {
    const line = `${JSON.stringify(listed(entry))}\n`
    hash.update(line)
    lines += line
    newest = escaped(entry.name)
    count.entries++
    if (entry.kind === 'file' || entry.kind === 'link') count.files++
    count.bytes += entry.size
  })
  return {
    take: (part: Buffer): string => {
      reader.write(part)
      const since = lines
      lines = ''
      return since
    },
    newest: () => newest,
    end: (): TreeCount => {
      reader.end()
      return { ...count, sha256: hash.digest('hex') }
    },
  }
}

export const parseList = (text: string): Map<string, ListedEntry> =>
  new Map(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const entry = JSON.parse(line) as ListedEntry
        return [entry.name, entry] as const
      }),
  )
