import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Receives one line of progress, for a person. */
export type Report = (line: string) => void

/** The label on every container, network and volume of the lab; `labDown` goes by it. */
export const labLabel = 'zarpe.lab'

/**
 * The lab's folder: its key pair, `ssh_config`, logs and pid files. `ZARPE_LAB_HOME` moves it;
 * the containers and images belong to the machine's engine and are the same for every folder.
 */
export const labHome = (): string => {
  const home = process.env['ZARPE_LAB_HOME'] ?? join(homedir(), '.cache', 'zarpe', 'lab')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  return home
}

/** A path inside the lab's folder. */
export const labPath = (...parts: string[]): string => join(labHome(), ...parts)
