import { removePath, within } from '../../../io/host/files/durable.ts'
import { makeFolder } from '../../../io/host/files/files.ts'
import { readCompressed } from '../../../io/host/files/tree.ts'
import type { DataContext } from '../../engine.ts'
import type { TreeContents } from '../../held.ts'
import type { Expectation } from '../../model.ts'
import { listDifferences } from './compare.ts'
import { unmetIn } from './expect.ts'
import { listName, tarName } from './files.ts'
import { parseList } from './list.ts'
import { unpackedList } from './tree.run.ts'

/** Unpacks the copy of the work folder into `to`, and returns everything that is not as the list says. */
export const restoreInto = async (
  to: string,
  held: TreeContents,
  context: DataContext,
): Promise<string[]> => {
  const { folder } = context
  // What was unpacked may hold links of these names, which would lead out of the work folder.
  const found = within(folder, 'found.zst')
  for (const path of [to, found]) await removePath(path)
  await makeFolder(to, { mode: 0o700 })
  context.note('unpacking')
  const count = await unpackedList(within(folder, tarName), to, found, context)
  if (count.sha256 === held.listSha256) return []
  // Only now are two lists held in memory.
  const wanted = parseList(await readCompressed(within(folder, listName)))
  const differences = listDifferences(wanted, parseList(await readCompressed(found)))
  return differences.length > 0
    ? differences
    : ['the list of its files is not the one that was written']
}

/** Unpacks a copy somewhere throw-away and compares every file with the list of what was packed. */
export const prove = async (
  held: TreeContents,
  expect: Expectation[],
  context: DataContext,
): Promise<string[]> => {
  const scratch = within(context.folder, 'scratch')
  const differences = await restoreInto(scratch, held, context)
  const list = expect.length > 0 ? await readCompressed(within(context.folder, listName)) : ''
  await removePath(scratch)
  return [...differences, ...unmetIn([...parseList(list).values()], expect)]
}
