import { readText, within, writeDurable } from '../../io/host/files/durable.ts'
import { generateIdentity, recipientOf } from '../../io/host/files/agefile.ts'
import { stateFolder } from '../../release/places.ts'
import { recordKey } from '../../release/records/seal-key.run.ts'
import { seal, unseal } from '../../secrets/seal.ts'
import { sha256Of } from '../backup/manifest.ts'

// What a store is sent of a log is encrypted for a key of age that the history has to itself. Whoever may read a base
// backup finds the secret half in its manifest, and so can read the log that leads on from it.

export type LogKey = { secret: string; recipient: string }

/** A history that is come back to, as after an undo, has the key that it had. */
const fileOf = (project: string, dataset: string, history: string) =>
  within(stateFolder, project, 'wal', `${dataset}.${history}.key`)

const belongsTo = (...names: string[]) => JSON.stringify(['log', ...names])

/** Which people a log is encrypted for, in short; null for nobody. */
export const fingerprintOf = (recipients: string[]): string | null =>
  recipients.length === 0 ? null : sha256Of(recipients.toSorted().join('\n')).slice(0, 16)

/** The key of a history, made if it has none. */
export const logKeyOf = async (
  project: string,
  dataset: string,
  history: string,
): Promise<LogKey> => {
  const path = fileOf(project, dataset, history)
  const [key, belongs] = [await recordKey(), belongsTo(project, dataset, history)]
  const text = await readText(path)
  const opened = text === null ? null : unseal(key, text.trim(), belongs)
  const secret = opened ?? (await generateIdentity())
  if (opened === null) await writeDurable(path, `${seal(key, secret, belongs)}\n`)
  return { secret, recipient: await recipientOf(secret) }
}
