import { removePath, within, writeDurable } from '../../../io/host/files/durable.ts'
import { makeFolder } from '../../../io/host/files/files.ts'
import { linesOf, packNames, unpackTree } from '../../../io/host/files/tree.ts'
import type { DataContext } from '../../engine.ts'
import { type Extracted, type Extraction, refuseDifferences } from '../../extract/extraction.ts'
import type { TreeContents } from '../../held.ts'
import { listDifferences } from './compare.ts'
import { unescaped } from './escape.ts'
import { listName, tarName } from './files.ts'
import type { ListedEntry } from './list.ts'
import { type Chosen, chosenEntries, countedTops, linkedTo, nameList, needsTar } from './paths.ts'
import { listTree, tarFailed } from './tree.run.ts'

/** Everything of ours in the work folder, where nothing of the copy can lie under a name of it. */
const ownFolder = 'taken-out'

/** Unpacks some files of a copy alone, compares each with the list, and gives one as it is or all in a tar. */
export const extract = async (
  _held: TreeContents,
  { id, what, form }: Extraction,
  context: DataContext,
): Promise<Extracted> => {
  const own = within(context.folder, ownFolder)
  const files = within(own, 'files')
  await removePath(own)
  await makeFolder(files, { mode: 0o700 })
  const list = within(context.folder, listName)
  const chosen = await chosenEntries(id, what, entriesOf(list))
  const wantsTar = form.as === 'files' && form.tar === 'yes'
  const single = wantsTar ? null : await singleFile(chosen, list)
  if (!single && form.as === 'files' && form.tar === 'no') throw needsTar(id, describe(chosen))
  context.note('unpacking')
  await unpackChosen(chosen, own, files, context)
  const around = { before: '', after: '', holds: countedTops(chosen) }
  if (single) return { ...around, file: pathOf(files, single) }
  const tar = within(own, 'files.tar')
  const names = within(own, 'tops')
  await writeDurable(names, nameList(chosen.tops, ''))
  const ended = await packNames({ folder: files, names, to: tar, signal: context.signal })
  if (ended.code !== 0) throw tarFailed(ended)
  return { ...around, file: tar }
}

const pathOf = (folder: string, name: string) =>
  Buffer.concat([Buffer.from(`${folder}/`), unescaped(name)])

/** The name of the one thing that was chosen, if its content is all that there is to it. */
const singleFile = async ({ entries }: Chosen, list: string): Promise<string | null> => {
  const [entry] = entries.values()
  if (!entry || entries.size > 1) return null
  if (entry.kind !== 'link') return entry.kind === 'file' ? entry.name : null
  for await (const other of entriesOf(list))
    if (other.name === entry.target) return other.kind === 'file' ? entry.name : null
  return null
}

const describe = ({ entries, tops }: Chosen) =>
  tops.length > 1
    ? 'Several paths together'
    : `"${tops[0]!}" is a ${entries.get(tops[0]!)?.kind ?? 'folder'} and`

const entriesOf = async function* (list: string): AsyncGenerator<ListedEntry> {
  for await (const line of linesOf(list)) yield JSON.parse(line) as ListedEntry
}

/** Nothing is given to anybody that is not, entry by entry, what the list of the copy says. */
const unpackChosen = async (chosen: Chosen, own: string, files: string, context: DataContext) => {
  const extra = linkedTo(chosen)
  const names = within(own, 'names')
  await writeDurable(names, nameList([...chosen.tops, ...extra], './'))
  const from = within(context.folder, tarName)
  const ended = await unpackTree({ from, folder: files, names, signal: context.signal })
  if (ended.code !== 0) throw tarFailed(ended)
  const found = within(own, 'found.zst')
  await listTree(files, found, context)
  const there = new Map<string, ListedEntry>()
  for await (const entry of entriesOf(found))
    if (chosen.entries.has(entry.name)) there.set(entry.name, entry)
  refuseDifferences(listDifferences(chosen.entries, there))
}
