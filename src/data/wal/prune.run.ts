import { readText, within, withTemporaryFolder } from '../../io/host/files/durable.ts'
import { datasetOfId, idOfManifest, manifestName } from '../catalogue/backup-name.ts'
import { readBackups } from '../catalogue/catalogue.run.ts'
import type { ClusterContents } from '../held.ts'
import { localStore } from '../model.ts'
import { stateOf } from '../catalogue/state.ts'
import type { Store, StoreContext } from '../store.ts'
import { withStore } from '../store.run.ts'
import { clusterIn, contentsOf } from './bases.run.ts'
import type { Archive } from './model.ts'
import { spentFiles } from './needed.ts'
import { amendArchive, readArchive } from './state.run.ts'

const everyMs = 6 * 3_600_000
const limitMs = 10 * 60_000

/**
 * Removes, some times a day, what no base backup needs any more from each store, and returns what went wrong. Which base
 * backups a store has is asked of itself too: another server may have put some there.
 */
export const pruneLog = async (
  project: string,
  dataset: string,
  stores: string[],
): Promise<unknown[]> => {
  const archive = await readArchive(project, dataset)
  const now = Date.now()
  if (!archive || (archive.prunedAt !== null && now - Date.parse(archive.prunedAt) < everyMs))
    return []
  const prunedAt = new Date(now).toISOString()
  await amendArchive(project, dataset, (known) => known && { ...known, prunedAt })
  const context = { signal: AbortSignal.timeout(limitMs), note: () => undefined }
  const failures: unknown[] = []
  for (const name of new Set([localStore, ...stores]))
    await withStore(project, name, (store) => pruneIn(store, project, archive, context)).catch(
      (error: unknown) => failures.push(error),
    )
  return failures
}

const pruneIn = async (store: Store, project: string, archive: Archive, context: StoreContext) => {
  const { dataset, past } = archive
  const bases = await basesIn(store, project, dataset, context)
  if (bases === null) return
  const files = await store.list(`wal/${project}/${dataset}`, context)
  const ended = past.map(({ history }) => history)
  const names = files.map((file) => file.name)
  for (const file of spentFiles(names, bases, ended)) await store.remove(file, context)
}

/**
 * The base backups that a store has or is still to be sent; null if it cannot be told what one of them needs.
 */
const basesIn = async (
  store: Store,
  project: string,
  dataset: string,
  context: StoreContext,
): Promise<ClusterContents[] | null> => {
  const listed = (await store.list(project, context)).flatMap(
    ({ name }) => idOfManifest(name) ?? [],
  )
  const known = (await readBackups(project)).filter((each) => stateOf(each) !== 'failed')
  const ids = new Map([
    ...known.map(({ id }) => [id, true] as const),
    ...listed.map(({ id, encrypted }) => [id, encrypted] as const),
  ])
  const contents: (ClusterContents | null)[] = []
  for (const [id, encrypted] of ids) {
    if (datasetOfId(id) !== dataset) continue
    const own = await contentsOf(project, id)
    // What is encrypted for people is known if this server has written it, or found it with their help.
    contents.push(own ?? (encrypted ? null : await fetched(store, project, id, context)))
  }
  return contents.includes(null) ? null : contents.filter((each) => each !== null)
}

const fetched = (store: Store, project: string, id: string, context: StoreContext) =>
  withTemporaryFolder(async (folder) => {
    const path = within(folder, 'manifest.json')
    await store.get(manifestName(project, id, false), path, context)
    return clusterIn(await readText(path), project, id)
  })
