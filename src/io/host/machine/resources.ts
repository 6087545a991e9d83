import { readFile, statfs } from 'node:fs/promises'
import { availableParallelism } from 'node:os'

/** How many processes this machine runs at once. */
export const cores = (): number => availableParallelism()

/** Memory that could be given to new processes now, as the kernel estimates it. */
export const freeMemoryBytes = async (): Promise<number> => {
  const text = await readFile('/proc/meminfo', 'utf8')
  return Number(/^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024
}

/** Size of the file system that holds `path`, and what is free there for ordinary use. */
export const diskBytes = async (path: string) => {
  const found = await statfs(path)
  return { totalBytes: found.blocks * found.bsize, freeBytes: found.bavail * found.bsize }
}
