import { basename, dirname } from 'node:path'
import type { Directive } from '../model.ts'

// One file of nginx brings others in. What was mounted is put in place of its include, so that what it
// keeps out is found like all else; an include of anything else stays.

/** A file as it was parsed. */
export type ParsedFile = { file: string; body: Directive[] }

/** Files that stand by themselves on the level of `http`, with all that they include within servers. */
export const wholeFiles = (all: ParsedFile[]): Directive[] => {
  const inner = new Set(all.flatMap(({ body }) => includedWithin(body, all)))
  return all
    .filter(({ file }) => !inner.has(file))
    .flatMap(({ body }) => expanded(body, { all, inner }, 'http', new Set()))
}

const isServerOrBelow = ({ words }: Directive) => /^(server|location|if)$/.test(words[0] ?? '')

/** Names of files that are part of a server, and of those that these include. */
const includedWithin = (body: Directive[], all: ParsedFile[], isInner = false): string[] =>
  body.flatMap((each) => {
    const found = isInner ? filesOf(each, all) : []
    const within = includedWithin(each.block ?? [], all, isInner || isServerOrBelow(each))
    return [...found.map(({ file }) => file), ...within]
  })

const expanded = (
  body: Directive[],
  files: { all: ParsedFile[]; inner: Set<string> },
  level: 'http' | 'server',
  open: Set<string>,
): Directive[] =>
  body.flatMap((each) => {
    const below = isServerOrBelow(each) ? 'server' : level
    const found = filesOf(each, files.all)
    if (found.length === 0)
      return [{ ...each, block: each.block && expanded(each.block, files, below, open) }]
    return (
      found
        // Those that stand by themselves are read so; one that includes itself would have no end.
        .filter(({ file }) => !open.has(file) && (level === 'server' || files.inner.has(file)))
        .flatMap(({ file, body: part }) => expanded(part, files, level, new Set([...open, file])))
    )
  })

/** The files that an include means: of its folder, or the only one of its name outside usual folders. */
const filesOf = ({ words: [name, pattern = ''] }: Directive, all: ParsedFile[]): ParsedFile[] => {
  if (name !== 'include') return []
  const glob = new RegExp(
    `^${basename(pattern)
      .replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')}$`,
  )
  const named = all.filter(({ file }) => glob.test(basename(file).replace(/\.template$/, '')))
  const beside = named.filter(({ file }) => folderOf(file) === folderOf(pattern))
  if (beside.length > 0 || pattern.includes('*')) return beside
  const strays = named.filter(({ file }) => !/^(conf\.d|http\.d|sites-\w+)$/.test(folderOf(file)))
  return strays.length === 1 ? strays : []
}

const folderOf = (path: string) => basename(dirname(path)).replace(/^templates$/, 'conf.d')
