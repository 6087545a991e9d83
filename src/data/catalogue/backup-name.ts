// Every name of a backup. They are plain ASCII, and sort by time within a dataset.

const idForm = /^([a-z][a-z0-9-]{0,30})-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/

/** `<dataset>-<time in UTC>`, such as `main-20260131T030000Z`. */
export const backupId = (dataset: string, at: string): string =>
  `${dataset}-${at.slice(0, 19).replaceAll(/[-:]/g, '')}Z`

/** Whether a word is the name of a backup, by its form. */
export const isBackupId = (word: string): boolean => idForm.test(word)

/** The dataset that a backup is of, by its name. */
export const datasetOfId = (id: string): string => idForm.exec(id)?.[1] ?? ''

/** When a backup was begun, by its name, as an ISO time. */
export const takenAtOf = (id: string): string => {
  const [, , year, month, day, hour, minute, second] = idForm.exec(id) ?? []
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`
}

/** Where a store keeps a backup: `YYYY/MM/DD` below the project. */
export const folderOf = (project: string, id: string): string => {
  const [, , year, month, day] = idForm.exec(id) ?? []
  return `${project}/${year}/${month}/${day}`
}

/** The copy itself, relative to a store's root. */
export const copyName = (project: string, id: string, encrypted: boolean): string =>
  `${folderOf(project, id)}/${id}.tar${encrypted ? '.age' : ''}`

/** What is said of the copy. It is sent last: a copy without it is none. */
export const manifestName = (project: string, id: string, encrypted: boolean): string =>
  `${folderOf(project, id)}/${id}.json${encrypted ? '.age' : ''}`

/** Copies among a store's files without a manifest: none that counts, and what a run that was cut has left. */
export const halfCopies = (names: string[]): string[] => {
  const whole = new Set(names)
  return names.filter((name) => {
    const [, path = '', id = ''] = /^((?:.*\/)?([^/]+))\.tar$/.exec(name) ?? []
    return idForm.test(id) && !whole.has(`${path}.json`)
  })
}

/** The backup that a file of a store is the manifest of, or null. */
export const idOfManifest = (name: string): { id: string; encrypted: boolean } | null => {
  const [, id = '', age] = /([^/]+)\.json(\.age)?$/.exec(name) ?? []
  return idForm.test(id) ? { id, encrypted: age !== undefined } : null
}
