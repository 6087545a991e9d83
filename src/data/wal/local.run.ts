import { namesIn, within } from '../../io/host/files/durable.ts'
import { localFolder } from '../places.ts'
import { archiveFolder, folderOf, type History, nameOfSegmentFile } from './names.ts'

/** The segments of a history that the server's own store has, in order; with `from`, of the folder of that one on. */
export const localSegments = async (archive: History, from = ''): Promise<string[]> => {
  const root = within(localFolder, archiveFolder(archive))
  const found: string[] = []
  const folders = (await namesIn(root)).filter((folder) => folder >= folderOf(from))
  for (const folder of folders)
    for (const name of await namesIn(within(root, folder)))
      found.push(...[nameOfSegmentFile(name)].filter((each) => each !== null))
  return found.toSorted()
}
