import { readText, within } from '../io/host/durable.ts'
import { Problem } from '../problem/problem.ts'
import { copyName, manifestName } from './backup-name.ts'
import { readBackup } from './catalogue.run.ts'
import type { DataContext } from './engine.ts'
import { parseManifest, sha256Of } from './manifest.ts'
import type { Backup, Manifest } from './model.ts'
import { withStore } from './store.run.ts'
import { unpack } from './work.run.ts'

/** A copy that was fetched and unpacked into the work folder, and what is said of it. */
export type Opened = { manifest: Manifest }

/** What the catalogue knows of a backup, or a `Problem`. */
export const backupNamed = async (project: string, id: string): Promise<Backup> => {
  const found = await readBackup(project, id)
  if (found) return found
  throw new Problem({
    code: 'data/no-such-backup',
    summary: 'There is no such backup.',
    detail: `The server knows no backup "${id}" of ${project}.`,
    fix: ['zarpe backup list'],
  })
}

/**
 * Brings a copy from a store into the empty work folder, after it is certain that every byte of it and
 * of its manifest is what was written: `data/damaged` otherwise, with what differs.
 */
export const openCopy = async (
  backup: Backup,
  from: string,
  data: DataContext,
  room: string,
): Promise<Opened> => {
  const { project, id } = backup
  const copy = backup.copies[from]
  if (copy?.state !== 'stored') throw notThere(backup, from)
  if (copy.encrypted) throw isEncrypted(id, from)
  const file = within(room, 'fetched.tar')
  const [came, text] = await withStore(project, from, async (store) => {
    const said = within(room, 'fetched.json')
    await store.get(manifestName(project, id, false), said, data)
    return [await store.get(copyName(project, id, false), file, data), (await readText(said)) ?? '']
  })
  const manifest = parseManifest(text, id)
  if (!manifest || sha256Of(text) !== backup.manifestSha256)
    throw damaged(id, from, 'its manifest is not the one that was written')
  if (came.bytes !== manifest.file.bytes)
    throw damaged(id, from, `it has ${came.bytes} bytes, not ${manifest.file.bytes}`)
  if (came.sha256 !== manifest.file.sha256)
    throw damaged(id, from, 'its SHA-256 is not the one that was written')
  await unpack(file, data.folder, data.signal)
  return { manifest }
}

const notThere = (backup: Backup, from: string) =>
  new Problem({
    code: 'data/no-copy',
    summary: 'There is no copy of this backup.',
    detail: `${backup.id} is not in ${from}; it is in: ${
      Object.keys(backup.copies).join(', ') || 'no store'
    }.`,
    fix: [`zarpe backup show ${backup.id}`],
  })

const isEncrypted = (id: string, from: string) =>
  new Problem({
    code: 'data/encrypted',
    summary: 'The server cannot read this copy.',
    detail: `${id} in ${from} is encrypted for your keys, which the server does not have.`,
    fix: [`Fetch and decrypt it here: zarpe backup fetch ${id} --from ${from}`],
  })

/** The copy is not what was written. */
export const damaged = (id: string, from: string, what: string) =>
  new Problem({
    code: 'data/damaged',
    summary: 'A copy of a backup is damaged.',
    detail: `${id} in ${from}: ${what}.`,
    fix: [`zarpe backup show ${id}    # other stores may have a whole copy`, 'zarpe backup now'],
  })
