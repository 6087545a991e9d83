import type { Loss } from '../../engine.ts'
import type { ListedEntry } from './list.ts'

/** A file of the live volume, as far as it can be known without reading it. */
export type LiveEntry = { name: string; kind: string; size: number; mtime: string }

/** What a restore would do to each file that is not as it was, by size and time of the last change. */
export const fileLosses = (live: LiveEntry[], then: Map<string, ListedEntry>): Loss[] => {
  const left = new Map(then)
  const losses = live.flatMap((entry): Loss[] => {
    const before = left.get(entry.name)
    left.delete(entry.name)
    if (entry.kind === 'folder') return []
    if (!before)
      return [
        {
          what: entry.name,
          rowsNow: entry.size,
          rowsThen: 0,
          words: 'is lost: it was not there then',
        },
      ]
    if (before.kind === 'link' || (before.kind === entry.kind && isSame(entry, before))) return []
    return [
      {
        what: entry.name,
        rowsNow: entry.size,
        rowsThen: before.size ?? 0,
        words: 'goes back to what it was then',
      },
    ]
  })
  const back = [...left.values()]
    .filter(({ kind }) => kind !== 'folder')
    .map(({ name, size = 0 }) => ({ what: name, rowsNow: 0, rowsThen: size, words: 'comes back' }))
  return [...losses, ...back]
}

const isSame = (now: LiveEntry, before: ListedEntry) =>
  now.mtime === before.mtime && (now.kind !== 'file' || now.size === before.size)
