import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CliOptions } from '../../lab/cli.ts'
import type { Project } from '../../lab/project.ts'
import { deployed, onServer } from './ledger.ts'

/** A folder of the server that stands for another disk. */
export const disk = '/mnt/disk'

/** Lets copies that leave the server's own store be encrypted for Ana, who has her key in a file. */
export const encryptForAna = async (
  ledger: Project,
): Promise<{ ana: CliOptions; nobody: CliOptions; keyFile: string }> => {
  const keyFile = join(ledger.folder, 'ana.key')
  execFileSync('age-keygen', ['-o', keyFile], { stdio: 'ignore' })
  const [, recipient] = /public key: (age1\w+)/.exec(readFileSync(keyFile, 'utf8'))!
  await onServer('mkdir', '--parents', '--mode=700', disk)
  const config = ledger
    .read('zarpe.yml')
    .replace('keep: { local: 7d }', 'keep: { local: 7d, disk: 30d }')
  ledger.write(
    'zarpe.yml',
    `${config}stores: { disk: { url: "file://${disk}" } }
backups: { encrypt: true }
secrets: { recipients: { ana: ${recipient} } }
`,
  )
  await deployed(ledger)
  const keyOf = (file: string): CliOptions => ({
    env: { ZARPE_AGE_KEY: '', ZARPE_AGE_KEY_FILE: file, XDG_CONFIG_HOME: ledger.folder },
  })
  return { ana: keyOf(keyFile), nobody: keyOf(''), keyFile }
}

/** Paths of all files in the other disk's store, in order. */
export const onDisk = async (): Promise<string[]> =>
  (await onServer('find', disk, '-type', 'f')).split('\n').filter(Boolean).toSorted()
