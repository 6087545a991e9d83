import { withClaim } from '../../io/host/files/claim.ts'
import { namesIn, readText, within, writeDurable } from '../../io/host/files/durable.ts'
import { stateFolder } from '../../release/places.ts'
import type { Archive } from './model.ts'

const folderOf = (project: string) => within(stateFolder, project, 'wal')

const fileOf = (project: string, dataset: string) => within(folderOf(project), `${dataset}.json`)

/** What is known of the archives of a project's logs. */
export const readArchives = async (project: string): Promise<Archive[]> => {
  const names = (await namesIn(folderOf(project))).filter((name) => name.endsWith('.json'))
  const found = await Promise.all(
    names.map((name) => readArchive(project, name.slice(0, -'.json'.length))),
  )
  return found.filter((each) => each !== null)
}

/** Of one dataset; null before the first round, or if the file is damaged: slot and store tell where to go on. */
export const readArchive = async (project: string, dataset: string): Promise<Archive | null> => {
  const text = await readText(fileOf(project, dataset))
  try {
    return text === null ? null : (JSON.parse(text) as Archive)
  } catch {
    return null
  }
}

const pollMs = 20

/** Changes what is known, from what is on disk now: the log is archived while stores are sent what they lack. */
export const amendArchive = <Known extends Archive | null>(
  project: string,
  dataset: string,
  change: (known: Archive | null) => Known,
): Promise<Known> =>
  withClaim(`zarpe-wal-state-${project}.${dataset}`, { pollMs }, async () => {
    const changed = change(await readArchive(project, dataset))
    if (changed)
      await writeDurable(fileOf(project, dataset), `${JSON.stringify(changed, null, 2)}\n`)
    return changed
  })
