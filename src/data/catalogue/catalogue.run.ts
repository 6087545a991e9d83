import { namesIn, readText, removePath, within, writeDurable } from '../../io/host/files/durable.ts'
import { stateFolder } from '../../release/places.ts'
import type { Aside, Backup, Copy } from '../model.ts'

// What a server knows of its backups: one file each, so that no two writers meet and a damaged one
// costs no other.

const backupsFolder = (project: string) => within(stateFolder, project, 'backups')
const manifestsFolder = (project: string) => within(stateFolder, project, 'manifests')
const asidesFolder = (project: string) => within(stateFolder, project, 'asides')

const fileOf = (folder: string, name: string) => within(folder, `${name}.json`)

/** All backups of a project, oldest first. */
export const readBackups = async (project: string): Promise<Backup[]> =>
  (await readAll<Backup>(backupsFolder(project))).toSorted((left, right) =>
    left.takenAt < right.takenAt ? -1 : 1,
  )

export const readBackup = async (project: string, id: string): Promise<Backup | null> =>
  (await readBackups(project)).find((backup) => backup.id === id) ?? null

export const writeBackup = (backup: Backup) =>
  writeDurable(
    fileOf(backupsFolder(backup.project), backup.id),
    `${JSON.stringify(backup, null, 2)}\n`,
  )

/** Changes what is known of a backup, from what is on disk now. */
export const amendBackup = async (
  project: string,
  id: string,
  change: (backup: Backup) => Backup,
) => {
  const backup = await readBackup(project, id)
  if (backup) await writeBackup(change(backup))
}

/** Keeps how a store's copy of a backup stands. */
export const noteCopy = (project: string, id: string, store: string, copy: Copy) =>
  amendBackup(project, id, (present) => ({
    ...present,
    copies: { ...present.copies, [store]: copy },
  }))

export const forgetBackup = async (project: string, id: string) => {
  await removePath(fileOf(backupsFolder(project), id))
  await removePath(fileOf(manifestsFolder(project), id))
}

/** Keeps what a backup holds, for as long as any store has it: the server's own copy may be gone before others. */
export const writeKnownManifest = (project: string, id: string, text: string) =>
  writeDurable(fileOf(manifestsFolder(project), id), text)

/** The text of a backup's manifest, as it was kept; null for one that was not. */
export const readKnownManifest = (project: string, id: string) =>
  readText(fileOf(manifestsFolder(project), id))

/** Data that restores have put aside and nobody has removed yet. */
export const readAsides = (project: string): Promise<Aside[]> =>
  readAll<Aside>(asidesFolder(project))

export const writeAside = (project: string, aside: Aside) =>
  writeDurable(fileOf(asidesFolder(project), aside.name), `${JSON.stringify(aside, null, 2)}\n`)

export const forgetAside = (project: string, name: string) =>
  removePath(fileOf(asidesFolder(project), name))

const readAll = async <Entry>(folder: string): Promise<Entry[]> => {
  const names = (await namesIn(folder)).filter((name) => name.endsWith('.json'))
  const texts = await Promise.all(names.map((name) => readText(within(folder, name))))
  return texts.flatMap((text) => {
    try {
      return text ? [JSON.parse(text) as Entry] : []
    } catch {
      // Damaged: the copies themselves say what they are.
      return []
    }
  })
}
