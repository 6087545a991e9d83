import { readText, writeDurable } from '../../io/host/files/durable.ts'
import { paths } from '../paths.ts'

/** The packages that a set-up has held here; those that were held before it are somebody else's. */
export const heldByUs = async (path: string = paths.held): Promise<string[]> => {
  try {
    const names = JSON.parse((await readText(path)) ?? '[]') as unknown
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
  } catch {
    // A damaged note has none: what is held then stays so, and is named.
    return []
  }
}

/** Adds to them; written before they are held, so that none is held without a note. */
export const noteHeld = async (names: string[], path: string = paths.held): Promise<void> => {
  const all = new Set([...(await heldByUs(path)), ...names])
  await writeDurable(path, `${JSON.stringify([...all].toSorted())}\n`)
}
