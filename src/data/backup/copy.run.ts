import { decryptFile } from '../../io/host/files/agefile.ts'
import { readText, removePath, within } from '../../io/host/files/durable.ts'
import { makeFolder } from '../../io/host/files/files.ts'
import { messageOf, Problem } from '../../problem/problem.ts'
import { copyName, manifestName } from '../catalogue/backup-name.ts'
import { chainOf } from './chain.ts'
import { readBackup, readBackups } from '../catalogue/catalogue.run.ts'
import { storesOf } from '../catalogue/state.ts'
import type { DataContext } from '../engine.ts'
import type { Contents } from '../held.ts'
import { manifestText, parseManifest, sha256Of, withoutKey } from './manifest.ts'
import type { Backup, Keys, Manifest } from '../model.ts'
import type { Store, StoreContext } from '../store.ts'
import { withStore } from '../store.run.ts'
import { unpack } from '../work.run.ts'

/** Where copies are taken from, and what was lent for those that are encrypted. */
export type Source = { from: string; keys: Keys | undefined }

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
 * As `openCopy`, with those that it builds on: each is in `earlierFolder` of its number. `onEach` is told which one is
 * read next.
 */
export const openChain = async (
  backup: Backup,
  source: Source,
  data: DataContext,
  room: string,
  onEach: (backup: Backup) => void = () => undefined,
): Promise<{ contents: Contents; earlier: Contents[] }> => {
  const before = chainOf(await readBackups(backup.project), backup).slice(0, -1)
  const earlier: Contents[] = []
  for (const each of before) {
    onEach(each)
    const folder = earlierFolder(data.folder, earlier.length)
    await makeFolder(folder, { mode: 0o700 })
    const { manifest } = await openCopy(each, source, { ...data, folder }, room)
    earlier.push(manifest.contents)
  }
  onEach(backup)
  const { manifest } = await openCopy(backup, source, data, room)
  return { contents: manifest.contents, earlier }
}

/** Where the copy of that number is that another one builds on. */
export const earlierFolder = (folder: string, number: number): string =>
  within(folder, 'earlier', String(number))

/**
 * Brings a copy from a store into an empty folder, after it is certain that every byte of it and
 * of its manifest is what was written: `data/damaged` otherwise, with what differs.
 */
export const openCopy = async (
  backup: Backup,
  source: Source,
  data: DataContext,
  room: string,
): Promise<{ manifest: Manifest }> => {
  const { project, id } = backup
  const { from } = source
  const copy = backup.copies[from]
  if (copy?.state !== 'stored') throw notThere(backup, from)
  const file = within(room, 'fetched.tar')
  const { manifest, came } = await withStore(project, from, async (store) => {
    const read = await fetchManifest(store, { project, id, key: keyOf(backup, source) }, room, data)
    if (!read) throw damaged(id, from, 'its manifest cannot be read')
    const { manifest: found, key } = read
    if (sha256Of(manifestText(found)) !== backup.manifestSha256)
      throw damaged(id, from, 'its manifest is not the one that was written')
    if (!copy.encrypted)
      return { manifest: found, came: await store.get(copyName(project, id, false), file, data) }
    const encrypted = within(room, 'fetched.tar.age')
    await store.get(copyName(project, id, true), encrypted, data)
    const decrypted = await decryptFile(encrypted, file, key ?? new Uint8Array()).catch(
      (error: unknown) => {
        throw damaged(id, from, `it cannot be decrypted (${messageOf(error)})`)
      },
    )
    await removePath(encrypted)
    return { manifest: found, came: decrypted }
  })
  if (came.bytes !== manifest.file.bytes)
    throw damaged(id, from, `it has ${came.bytes} bytes, not ${manifest.file.bytes}`)
  if (came.sha256 !== manifest.file.sha256)
    throw damaged(id, from, 'its SHA-256 is not the one that was written')
  await unpack(file, data.folder, data.signal)
  await removePath(file)
  return { manifest }
}

/** The manifest of a copy as it was written; null if there is none, or it is no manifest of this backup. */
export const fetchManifest = async (
  store: Store,
  { project, id, key }: { project: string; id: string; key: Uint8Array | null },
  room: string,
  context: StoreContext,
): Promise<{ manifest: Manifest; key: Uint8Array | null } | null> => {
  const [fetched, plain] = [within(room, `${id}.fetched`), within(room, `${id}.json`)]
  await store.get(manifestName(project, id, key !== null), key ? fetched : plain, context)
  if (key)
    try {
      await decryptFile(fetched, plain, key)
    } catch {
      return null
    }
  const manifest = parseManifest((await readText(plain)) ?? '', project, id)
  return manifest ? withoutKey(manifest) : null
}

const keyOf = ({ id, copies }: Backup, { from, keys }: Source): Uint8Array | null => {
  const copy = copies[from]
  if (copy?.state !== 'stored' || !copy.encrypted) return null
  const key = keys?.[id]
  if (key !== undefined) return Buffer.from(key, 'base64')
  throw new Problem({
    code: 'data/encrypted',
    summary: 'The server cannot read this copy by itself.',
    detail: `${id} in ${from} is encrypted for people, and none of them has lent it the key of this copy.`,
    fix: ['Run the command on a machine that has your secret key of age (zarpe secrets keygen).'],
  })
}

const notThere = (backup: Backup, from: string) =>
  new Problem({
    code: 'data/no-copy',
    summary: 'There is no copy of this backup.',
    detail: `${backup.id} is not in ${from}; it is in: ${
      storesOf(backup).join(', ') || 'no store'
    }.`,
    fix: [`zarpe backup show ${backup.id}`],
  })

/** The copy is not what was written. */
export const damaged = (id: string, from: string, what: string) =>
  new Problem({
    code: 'data/damaged',
    summary: 'A copy of a backup is damaged.',
    detail: `${id} in ${from}: ${what}.`,
    fix: [`zarpe backup show ${id}    # other stores may have a whole copy`, 'zarpe backup now'],
  })
