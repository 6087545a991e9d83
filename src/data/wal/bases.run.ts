import { readBackups, readKnownManifest } from '../catalogue/catalogue.run.ts'
import { stateOf } from '../catalogue/state.ts'
import type { ClusterContents } from '../held.ts'
import { parseManifest } from '../backup/manifest.ts'
import { firstNeeded } from './needed.ts'

/** What a base backup holds, as the server knows it. */
export const contentsOf = async (project: string, id: string): Promise<ClusterContents | null> =>
  clusterIn(await readKnownManifest(project, id), project, id)

/** What the text of a manifest says of a base backup; null if it is none. */
export const clusterIn = (
  text: string | null,
  project: string,
  id: string,
): ClusterContents | null => {
  const contents = text === null ? undefined : parseManifest(text, project, id)?.contents
  return contents?.kind === 'cluster' ? contents : null
}

/** The first segment of a history that a known base backup needs; null where there is none, or one that is not known. */
export const firstNeededOf = async (
  project: string,
  dataset: string,
  history: string,
): Promise<string | null> => {
  const own = (await readBackups(project)).filter(
    (each) =>
      each.dataset === dataset && each.log?.history === history && stateOf(each) !== 'failed',
  )
  const contents = await Promise.all(own.map(({ id }) => contentsOf(project, id)))
  const known = contents.filter((each) => each !== null)
  return known.length < contents.length ? null : (known.map(firstNeeded).toSorted()[0] ?? null)
}
