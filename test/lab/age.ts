import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CliOptions } from './cli.ts'

export type AgeKey = {
  keyFile: string
  recipient: string
  /** How a command is run by whoever has the key, and by somebody who has none. */
  ana: CliOptions
  nobody: CliOptions
}

/** A key of age for somebody, in a file of a folder that commands are run in. */
export const newAgeKey = (name: string, folder: string): AgeKey => {
  const keyFile = join(folder, `${name}.key`)
  execFileSync('age-keygen', ['-o', keyFile], { stdio: 'ignore' })
  const [, recipient] = /public key: (age1\w+)/.exec(readFileSync(keyFile, 'utf8'))!
  const keyOf = (file: string): CliOptions => ({
    env: { ZARPE_AGE_KEY: '', ZARPE_AGE_KEY_FILE: file, XDG_CONFIG_HOME: folder },
  })
  return { keyFile, recipient: recipient!, ana: keyOf(keyFile), nobody: keyOf('') }
}
