import { within } from '../io/host/files/durable.ts'
import { readOwnedIfThere } from '../io/host/files/owned.ts'
import { Problem, type ProblemData, problemsOf } from '../problem/problem.ts'
import { hasConflict } from './armor.ts'
import { decryptWith } from './cipher.ts'
import { dotenvSource } from './dotenv-source.ts'
import { findIdentities, noKey, ownRecipients } from './identity.load.ts'
import { noValues, type SourceValues } from './source.ts'
import { utf8 } from '../io/host/files/utf8.ts'

/** The file with an environment's encrypted values. */
export const encryptedFile = (environment: string): string => `.env.${environment}.age`

/** The text of an encrypted file, or null if there is no file. Throws when it cannot be read. */
export const readEncrypted = async (folder: string, file: string): Promise<string | null> => {
  const bytes = await readOwnedIfThere(within(folder, file))
  return bytes === null ? null : decrypted(file, bytes)
}

/** The text in the bytes of an encrypted file. Throws when it cannot be read. */
export const decrypted = async (file: string, bytes: Buffer): Promise<string> => {
  const identities = await findIdentities()
  if (!identities) throw new Problem(noKey(file))
  const read = await decryptWith(identities.keys, bytes)
  if (read.is === 'for others')
    throw new Problem(notForUs(file, identities.from, await ownRecipients(identities)))
  const text = read.is === 'text' ? utf8(read.text) : null
  if (text === null) throw new Problem(damaged(file, hasConflict(bytes)))
  return text
}

/** The values of an encrypted file; none if there is no file. */
export const loadEncrypted = async (folder: string, file: string): Promise<SourceValues> => {
  try {
    const text = await readEncrypted(folder, file)
    return text === null ? noValues(file) : dotenvSource(file, text)
  } catch (thrown) {
    const problems = problemsOf(thrown)
    if (problems.length === 0) throw thrown
    return noValues(file, problems)
  }
}

const notForUs = (file: string, from: string, own: string[]): ProblemData => ({
  code: 'secrets/not-a-recipient',
  summary: 'The encrypted values are not for your key.',
  detail: `${file} can be read by others only; the key in ${from} is not among those it was encrypted for.`,
  fix: [
    `zarpe secrets recipients add <name> ${own[0] ?? 'age1…'}    # by somebody who can read it`,
    'git pull    # if that has been done',
  ],
})

const damaged = (file: string, conflict: boolean): ProblemData => ({
  code: 'secrets/damaged',
  summary: 'The encrypted values cannot be read.',
  detail: conflict
    ? `${file} holds both sides of a merge, which only somebody who can read both can join.`
    : `${file} is cut, changed or no file of age.`,
  fix: conflict
    ? [
        `git checkout --theirs ${file}`,
        'Then set again what the other side had changed: zarpe secrets set <NAME>',
      ]
    : [`git checkout ${file}`, `git log -- ${file}`],
})
