import { namesIn, within } from '../../io/host/durable.ts'
import { localFolder } from '../places.ts'
import { archiveFolder, type History, nameOfSegmentFile } from './names.ts'

/** The segments of a history that the server's own store has, in order. */
export const localSegments = async (archive: History): Promise<string[]> => {
  const root = within(localFolder, archiveFolder(archive))
  const found: string[] = []
  for (const folder of await namesIn(root))
    for (const name of await namesIn(within(root, folder)))
      found.push(...[nameOfSegmentFile(name)].filter((each) => each !== null))
  return found.toSorted()
}
