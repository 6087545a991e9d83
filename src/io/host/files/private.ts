import { rmSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { statOf } from './durable.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const signalNumbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 }

/** In memory where there is such a place, so that nothing reaches a disk. */
const sharedMemory = '/dev/shm'

type PrivateFile = {
  path: string
  read: () => Promise<Buffer>
  write: (text: string) => Promise<void>
}

/**
 * Lends `act` a file that only the user can reach, and what reads and writes it. The folder is removed however this ends, also by a signal; a program that is killed outright
 * can't, which is why it is in memory where possible.
 */
export const withPrivateFile = async (
  name: string,
  act: (file: PrivateFile) => Promise<void>,
): Promise<void> => {
  const base = (await statOf(sharedMemory))?.isDirectory() ? sharedMemory : tmpdir()
  const folder = await mkdtemp(join(base, 'zarpe-private-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  const leave = (signal: (typeof signals)[number]) => {
    remove()
    process.exit(128 + signalNumbers[signal])
  }
  process.once('exit', remove)
  for (const signal of signals) process.once(signal, leave)
  try {
    const path = join(folder, name)
    await act({
      path,
      read: () => readFile(path),
      write: (text) => writeFile(path, text, { mode: 0o600 }),
    })
  } finally {
    for (const signal of signals) process.off(signal, leave)
    process.off('exit', remove)
    remove()
  }
}
