import { headerOf } from '../../io/host/files/agefile.ts'
import { removePath, within } from '../../io/host/files/durable.ts'
import { makeFolder } from '../../io/host/files/files.ts'
import type { Runner } from '../../plan/runner.ts'
import { copyName, idOfManifest, manifestName } from './backup-name.ts'
import { readBackup, writeBackup, writeKnownManifest } from './catalogue.run.ts'
import { fetchManifest } from '../backup/copy.run.ts'
import { engineFor } from '../engines/table.run.ts'
import { withData } from '../lock.run.ts'
import { leadsOn, manifestText, sha256Of } from '../backup/manifest.ts'
import type { Backup, FoundBackup, Manifest } from '../model.ts'
import { workFolder } from '../places.ts'
import type { Store, StoreContext } from '../store.ts'
import { withStore } from '../store.run.ts'
import { withWork } from '../work.run.ts'

const limitMs = 10 * 60_000

/** What a store has of a project's backups, and what is needed to read those that are encrypted. */
export const lookInto = async (project: string, store: string): Promise<FoundBackup[]> => {
  const context: StoreContext = { signal: AbortSignal.timeout(limitMs), note: () => undefined }
  return withStore(project, store, async (open) => {
    const files = await open.list(project, context)
    const names = new Set(files.map(({ name }) => name))
    const found: FoundBackup[] = []
    for (const { name } of files) {
      const named = idOfManifest(name)
      // A manifest without its copy is what a removal that was cut short leaves.
      if (!named || !names.has(copyName(project, named.id, named.encrypted))) continue
      // One that was found to be bad is sent again, and not believed because it is there.
      const known = (await readBackup(project, named.id))?.copies[store] !== undefined
      const header =
        named.encrypted && !known ? await headerIn(open, project, named.id, context) : null
      found.push({ ...named, known, header })
    }
    return found
  })
}

/** The header of an encrypted manifest, for whoever has a key to it. */
export const headerFrom = (project: string, store: string, id: string): Promise<string | null> => {
  const context: StoreContext = { signal: AbortSignal.timeout(limitMs), note: () => undefined }
  return withStore(project, store, (open) => headerIn(open, project, id, context))
}

const headerIn = async (store: Store, project: string, id: string, context: StoreContext) => {
  const folder = within(workFolder(project), 'headers')
  await makeFolder(folder, { mode: 0o700 })
  const file = within(folder, `${id}.${process.pid}`)
  try {
    await store.get(manifestName(project, id, true), file, context)
    const header = await headerOf(file)
    return header === null ? null : Buffer.from(header).toString('base64')
  } finally {
    await removePath(file)
  }
}

/** Adds what a store has to the catalogue: on a new server, all that is left of the old one. */
export const runFind: Runner<'backup.find'> = ({ project, store: name, ids, keys }, context) =>
  withData(project, context, () =>
    withWork(project, context, (_data, room) =>
      withStore(project, name, async (store) => {
        for (const id of ids) {
          context.note(id)
          const key = keys[id] === undefined ? null : Buffer.from(keys[id], 'base64')
          const read = await fetchManifest(store, { project, id, key }, room, context)
          if (read) await learn(name, read.manifest, key !== null, context.now())
          else context.note(`${id} has no manifest that can be read; it is passed over`)
        }
      }),
    ),
  )

const learn = async (store: string, manifest: Manifest, encrypted: boolean, nowMs: number) => {
  const { id, project, dataset, takenAt, reason, release, file, contents } = manifest
  const known = await readBackup(project, id)
  const text = manifestText(manifest)
  const manifestSha256 = sha256Of(text)
  if (!known || known.manifestSha256 === manifestSha256) await writeKnownManifest(project, id, text)
  const backup: Backup = known ?? {
    id,
    project,
    dataset,
    kind: contents.kind,
    takenAt,
    reason,
    release,
    file,
    manifestSha256,
    summary: engineFor(contents.kind).summary(contents),
    ...leadsOn(contents),
    copies: {},
    proof: null,
    isFound: true,
  }
  const at = new Date(nowMs).toISOString()
  const copy = { state: 'stored' as const, at, ...file, encrypted }
  await writeBackup({ ...backup, copies: { ...backup.copies, [store]: copy } })
}
