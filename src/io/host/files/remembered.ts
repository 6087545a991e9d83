import { namesIn, readText, removePath, within, writeDurable } from './durable.ts'

// What must be known the next time although the disk is full now: that may be the very thing to be told. It is kept in
// memory then, until a write to the disk succeeds or the machine is off.

const memory = '/run/zarpe/remembered'

const inMemory = (path: string) => within(memory, encodeURIComponent(path))

/** Writes a text to a path of the disk, or for the time being to memory. */
export const remember = async (path: string, text: string): Promise<void> => {
  try {
    await writeDurable(path, text)
    await removePath(inMemory(path))
  } catch {
    await writeDurable(inMemory(path), text)
  }
}

/** What was written to a path last; null if it never was. */
export const recall = async (path: string): Promise<string | null> =>
  (await readText(inMemory(path))) ?? (await readText(path))

/** Names of what was written into a folder, be it on the disk or in memory. */
export const recallNames = async (folder: string): Promise<string[]> => {
  const prefix = encodeURIComponent(`${folder}/`)
  const kept = (await namesIn(memory))
    .filter((name) => name.startsWith(prefix))
    .map((name) => decodeURIComponent(name.slice(prefix.length)))
  return [...new Set([...(await namesIn(folder)), ...kept])]
}

/** Forgets both. */
export const forget = async (path: string): Promise<void> => {
  await removePath(inMemory(path))
  await removePath(path)
}
