import { fsyncSync, closeSync, openSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Gives a folder the place of another, which goes aside, with nothing of this program in between. If it cannot
 * have it, the other one is put back.
 */
export const replaceFolder = (folder: string, place: string, aside: string) => {
  renameSync(place, aside)
  try {
    renameSync(folder, place)
  } catch (error) {
    renameSync(aside, place)
    throw error
  }
  const above = openSync(dirname(place), 'r')
  fsyncSync(above)
  closeSync(above)
}
