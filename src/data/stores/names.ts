import { createHash } from 'node:crypto'

// What a name in a store may be. Names that come from a store are held to it too: one that was made
// up there must not lead to another folder of this server.

/** Where files are until they are whole, on stores that are disks. */
export const incomingFolder = '.incoming'

const wordForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/

/** How deep below a store's root anything of ours is looked for. */
export const depthMax = 8

/** One part of a name, between two "/". */
export const isWord = (text: string): boolean => wordForm.test(text)

export const isStoreName = (name: string): boolean => {
  const words = name.split('/')
  return words.length <= depthMax && words.every(isWord)
}

/** Whether a name is of the form that copies and logs have here: `<project>/YYYY/MM/DD/…` or `wal/…`. */
export const isOwnName = (name: string): boolean =>
  isStoreName(name) && /^([^/]+\/\d{4}\/\d{2}\/\d{2}\/|wal\/)[^/]/.test(name)

/** The folder that a name is in; empty at the root. */
export const folderOfName = (name: string): string =>
  name.slice(0, Math.max(0, name.lastIndexOf('/')))

/** By content and name, so that what an earlier try left under it belongs to this very file. */
export const incomingName = (name: string, sha256: string): string => {
  const place = createHash('sha256').update(name).digest('hex').slice(0, 16)
  return `${incomingFolder}/${sha256.slice(0, 32)}-${place}`
}
