import { absolute, statOf, within } from '../io/host/files/durable.ts'
import { userFolder } from '../io/host/machine/home.ts'
import { readOwned } from '../io/host/files/owned.ts'
import { Problem, type ProblemData } from '../problem/problem.ts'
import { recipientOf } from './cipher.ts'
import { openToOthers } from './exposure.load.ts'
import { parseIdentities } from './identity.ts'

/** The user's own secret keys, and where they were found. */
export type Identities = { keys: string[]; from: string }

/** Where `zarpe secrets keygen` puts the key, and where it is looked for last. */
export const defaultKeyFile = (): string =>
  within(userFolder('XDG_CONFIG_HOME', '.config'), 'zarpe', 'age.key')

/**
 * The user's secret keys: from `ZARPE_AGE_KEY`, the file in `ZARPE_AGE_KEY_FILE`, or the default
 * file; the first that is there counts. Null when none is; a `Problem` when it cannot be used.
 */
export const findIdentities = async (): Promise<Identities | null> => {
  const key = process.env['ZARPE_AGE_KEY']
  if (key) return identitiesIn(key, 'ZARPE_AGE_KEY')
  const named = process.env['ZARPE_AGE_KEY_FILE'] || null
  const file = absolute(named ?? defaultKeyFile())
  const text = (await statOf(file))?.isFile() ? (await readOwned(file)).toString('utf8') : null
  if (text === null && named !== null) throw missing(file)
  if (text === null) return null
  const [open] = await openToOthers('/', file)
  if (open) throw new Problem({ ...open, code: 'secrets/open-key', summary: openSummary })
  return identitiesIn(text, file)
}

/** The public keys of the user's own secret ones. */
export const ownRecipients = async (identities: Identities | null): Promise<string[]> => {
  const keys = await Promise.all((identities?.keys ?? []).map(recipientOf))
  return keys.filter((key) => key !== null)
}

const openSummary = 'Your secret key can be read by others on this machine.'

/** A key with a slip of the pen is told of here: whatever it is to open would be taken for damaged. */
const identitiesIn = async (text: string, from: string): Promise<Identities> => {
  const keys = parseIdentities(text)
  if (!keys)
    throw badKey(
      `${from} must hold AGE-SECRET-KEY-1…, as \`age-keygen\` writes it, and nothing else but comments.`,
    )
  const open = await Promise.all(keys.map(recipientOf))
  const wrong = open.indexOf(null)
  if (wrong < 0) return { keys, from }
  const which = keys.length > 1 ? `Key ${wrong + 1} of ${keys.length}` : 'The key'
  throw badKey(`${which} in ${from} has a mistake in it: a letter was changed.`)
}

const badKey = (detail: string) =>
  new Problem({
    code: 'secrets/bad-key',
    summary: 'Your secret key is not one of age.',
    detail,
    fix: [
      'Copy it anew from where it is whole.',
      'zarpe secrets keygen --out new.key    # a new one, for somebody who can read the values to add',
    ],
  })

const missing = (file: string) =>
  new Problem({
    code: 'secrets/no-key',
    summary: 'There is no secret key to read encrypted values with.',
    detail: `ZARPE_AGE_KEY_FILE names ${file}, which does not exist.`,
    fix: [`zarpe secrets keygen --out ${file}`, 'unset ZARPE_AGE_KEY_FILE'],
  })

/** An encrypted file is there, and no key for it. */
export const noKey = (file: string): ProblemData => ({
  code: 'secrets/no-key',
  summary: 'There is no secret key to read encrypted values with.',
  detail: `${file} is encrypted. Your key is looked for in ZARPE_AGE_KEY, ZARPE_AGE_KEY_FILE and ${defaultKeyFile()}.`,
  fix: [
    'zarpe secrets keygen    # then have somebody who can read the file add its public key',
    'In CI: hand the secret ZARPE_AGE_KEY to the job.',
  ],
})
