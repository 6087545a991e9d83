import { type AgeKey, newAgeKey } from '../../lab/age.ts'
import type { Project } from '../../lab/project.ts'
import { deployed, onServer } from './ledger.ts'

/** A folder of the server that stands for another disk. */
export const disk = '/mnt/disk'

/** Lets copies that leave the server's own store be encrypted for Ana, who has her key in a file. */
export const encryptForAna = async (ledger: Project): Promise<AgeKey> => {
  const key = newAgeKey('ana', ledger.folder)
  await onServer('mkdir', '--parents', '--mode=700', disk)
  const config = ledger
    .read('zarpe.yml')
    .replace('keep: { local: 7d }', 'keep: { local: 7d, disk: 30d }')
  ledger.write(
    'zarpe.yml',
    `${config}stores: { disk: { url: "file://${disk}" } }
backups: { encrypt: true }
secrets: { recipients: { ana: ${key.recipient} } }
`,
  )
  await deployed(ledger)
  return key
}

/** Paths of all files in the other disk's store, in order. */
export const onDisk = async (): Promise<string[]> =>
  (await onServer('find', disk, '-type', 'f')).split('\n').filter(Boolean).toSorted()
