// Every name of an archive of write-ahead log. Projects' names have a hyphen: no folder of backups is called `wal`.

/** One unbroken history of a server's log; begins anew after a restore, and where something is missing. */
export type History = { project: string; dataset: string; history: string }

const historyForm = /^[0-9a-f]{12}$/

export const isHistory = (text: string): boolean => historyForm.test(text)

/** Where a store keeps an archive, relative to its root. */
export const archiveFolder = ({ project, dataset, history }: History): string =>
  `wal/${project}/${dataset}/${history}`

/** The folder of a segment: it has the 256 of one `log`, so that a listing of it stays short. */
export const folderOf = (name: string): string => name.slice(0, 16)

/** A segment in a store. */
export const segmentFile = (archive: History, name: string, encrypted = false): string =>
  `${archiveFolder(archive)}/${folderOf(name)}/${name}.zst${encrypted ? '.age' : ''}`

/** The segment that a file of a store is, or null. */
export const nameOfSegmentFile = (file: string): string | null =>
  /(?:^|\/)([0-9A-F]{24})\.zst(?:\.age)?$/.exec(file)?.[1] ?? null

/** What the server keeps its log for: nobody reads from it, it is moved on by hand once the log is archived. */
export const slotName = (dataset: string, history: string): string =>
  `${slotPrefix(dataset)}${history}`

export const slotPrefix = (dataset: string): string => `zarpe_${dataset.replaceAll('-', '_')}_`

/** The history that a slot of a dataset belongs to, or null for one of somebody else. */
export const historyOfSlot = (dataset: string, slot: string): string | null => {
  const prefix = slotPrefix(dataset)
  const rest = slot.startsWith(prefix) ? slot.slice(prefix.length) : ''
  return isHistory(rest) ? rest : null
}
