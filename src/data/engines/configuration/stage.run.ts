import { edgePaths } from '../../../edge/caddy/render.ts'
import { standardPlace } from '../../../edge/place.ts'
import { namesIn, readText, within, writeDurable } from '../../../io/host/files/durable.ts'
import { stateFolder } from '../../../release/places.ts'
import type { ConfigurationDataset } from '../../model.ts'
import { nameInCopy, serverFolder } from './names.ts'

/**
 * Lays out what a copy of the configuration holds. Records are as they are on the server, their specs sealed;
 * a deploy may be at work, so that one of them may be of a release that has just begun.
 */
export const stage = async (
  { files }: ConfigurationDataset,
  project: string,
  folder: string,
): Promise<void> => {
  for (const { path, base64 } of files)
    await writeDurable(within(folder, nameInCopy(path)), Buffer.from(base64, 'base64'))
  for (const { name, from } of await kept(project)) {
    const text = await readText(from)
    if (text !== null) await writeDurable(within(folder, serverFolder, name), text)
  }
}

/** The pointer comes first: the record that it names was there before it. */
const kept = async (project: string) => {
  const state = within(stateFolder, project)
  const edge = edgePaths(standardPlace.folder)
  const records = await namesIn(within(state, 'releases'))
  return [
    { name: 'current', from: within(state, 'current') },
    ...records.map((record) => ({
      name: `releases/${record}`,
      from: within(state, 'releases', record),
    })),
    { name: 'edge.json', from: within(edge.apps, `${project}.json`) },
    { name: 'edge-settings.json', from: edge.settings },
  ]
}
