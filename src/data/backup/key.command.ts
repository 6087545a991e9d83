import { fileKeyOf } from '../../io/host/files/agefile.ts'
import type { AgentConnection } from '../../io/ssh/connect.ts'
import { Problem } from '../../problem/problem.ts'
import { findIdentities } from '../../secrets/identity.load.ts'
import { chainOf } from './chain.ts'
import { readHeader } from '../methods.ts'
import type { Backup, Keys } from '../model.ts'

/**
 * The keys of the encrypted copies that a backup needs, each taken from its header with the user's own secret key: the
 * server is lent those, and never the user's. Undefined where none is encrypted.
 */
export const lentKeys = async (
  { wire }: Pick<AgentConnection, 'wire'>,
  backups: Backup[],
  backup: Backup,
  store: string,
): Promise<Keys | undefined> => {
  const keys: Keys = {}
  for (const { project, id, copies } of chainOf(backups, backup)) {
    const copy = copies[store]
    if (copy?.state === 'stored' && copy.encrypted)
      keys[id] = await unwrap(await wire.call(readHeader, { project, store, id }), id)
  }
  return Object.keys(keys).length > 0 ? keys : undefined
}

/** As `lentKeys`, for a header that is here already. */
export const unwrap = async (header: string | null, id: string): Promise<string> => {
  const identities = await findIdentities()
  const key =
    header && identities ? await fileKeyOf(Buffer.from(header, 'base64'), identities.keys) : null
  if (key) return Buffer.from(key).toString('base64')
  throw new Problem({
    code: 'secrets/not-for-you',
    summary: 'This backup is encrypted, and not for a key that is here.',
    detail: identities
      ? `None of the keys in ${identities.from} opens ${id}.`
      : `There is no secret key of age on this machine to open ${id} with.`,
    fix: [
      'Run the command where one of `secrets.recipients` has his key.',
      'Or name the key: ZARPE_AGE_KEY_FILE=… zarpe backup …',
    ],
  })
}
