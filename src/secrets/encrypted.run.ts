import { loadConfig } from '../app/app.load.ts'
import { chosenEnvironment } from '../app/environment.ts'
import type { Context } from '../cli/context.ts'
import type { Config } from '../config/schema.ts'
import { parseDotenv } from '../app/dotenv.ts'
import { within } from '../io/host/files/durable.ts'
import { readOwnedIfThere, writeOwned } from '../io/host/files/owned.ts'
import { Problem, type ProblemData, Problems } from '../problem/problem.ts'
import { encryptFor, isRecipient } from './cipher.ts'
import { decrypted, encryptedFile } from './encrypted.load.ts'
import type { ValueSettings } from './environment.load.ts'
import { isIgnored } from './exposure.load.ts'
import { findIdentities, ownRecipients } from './identity.load.ts'

/** An environment's encrypted values, opened to be changed. */
export type Encrypted = {
  environment: string
  file: string
  /** Where else its values come from. */
  settings: ValueSettings
  recipients: Config['secrets']['recipients']
  /** The decrypted text, empty when there is no file yet. */
  text: string
  exists: boolean
  /** The file as it was opened. */
  before: Buffer | null
}

/** Opens the encrypted values of the environment that a verb acts on. */
export const openEncrypted = async (
  context: Pick<Context, 'folder' | 'options'>,
): Promise<Encrypted> => {
  const { config } = await loadConfig(context.folder)
  const environment = chosenEnvironment(config, context.options.env)
  const { recipients } = config.secrets
  const file = encryptedFile(environment)
  if (Object.keys(recipients).length === 0) throw await noRecipients()
  const before = await readOwnedIfThere(within(context.folder, file))
  const text = before === null ? null : await decrypted(file, before)
  return {
    environment,
    file,
    settings: config.environments[environment]!,
    recipients,
    text: text ?? '',
    exists: text !== null,
    before,
  }
}

/**
 * Encrypts a text for the recipients and puts it in the file's place at once, or throws what is wrong
 * with the text, and also when somebody else has changed the file since it was opened. Returns what the user should know about the file.
 */
export const saveEncrypted = async (
  folder: string,
  { file, recipients, before }: Pick<Encrypted, 'file' | 'recipients' | 'before'>,
  text: string,
): Promise<string[]> => {
  const { problems } = parseDotenv(file, text)
  if (problems.length > 0) throw new Problems(problems)
  const content = await sealed(recipients, text)
  const now = await readOwnedIfThere(within(folder, file))
  if (!isSame(before, now)) throw new Problem(changedMeanwhile(file))
  await writeOwned(within(folder, file), content, { modeOfNew: 0o644 })
  return notesOn(folder, file, recipients)
}

/** A text encrypted for recipients of zarpe.yml; a key with a slip of the pen is refused by name. */
export const sealed = async (recipients: Config['secrets']['recipients'], text: string) => {
  const wrong: ProblemData[] = []
  for (const [name, key] of Object.entries(recipients))
    if (!(await isRecipient(key))) wrong.push(badRecipient(name))
  if (wrong.length > 0) throw new Problems(wrong)
  return encryptFor(Object.values(recipients), text)
}

const notesOn = async (folder: string, file: string, recipients: Encrypted['recipients']) => {
  const own = await ownRecipients(await findIdentities())
  const isOurs = Object.values(recipients).some((key) => own.includes(key))
  return [
    ...(isOurs ? [] : ['your own key is not among the recipients: you cannot read this again']),
    ...((await isIgnored(folder, file))
      ? [`git ignores ${file}, so nobody else gets it; add to .gitignore: !.env.*.age`]
      : []),
  ]
}

const isSame = (left: Buffer | null, right: Buffer | null) =>
  left === null || right === null ? left === right : left.equals(right)

const changedMeanwhile = (file: string): ProblemData => ({
  code: 'secrets/changed-meanwhile',
  summary: 'Somebody else changed the encrypted values meanwhile; nothing was changed.',
  detail: `${file} is another than the one that was opened, and would have been replaced.`,
  fix: ['Run the same command again, on top of that change.'],
})

export const badRecipient = (name: string): ProblemData => ({
  code: 'secrets/bad-recipient',
  summary: 'A recipient is no public key of age.',
  detail: `The key of "${name}" has a mistake in it, or is not of the kind age1….`,
  fix: ['age-keygen -y <key file>', 'zarpe secrets keygen'],
})

const noRecipients = async () => {
  const [own] = await ownRecipients(await findIdentities())
  return new Problem({
    code: 'secrets/no-recipients',
    summary: 'There is nobody to encrypt values for.',
    detail: '`secrets.recipients` in zarpe.yml has no public key yet.',
    fix: [
      ...(own ? [] : ['zarpe secrets keygen']),
      `zarpe secrets recipients add <your name> ${own ?? 'age1…'}`,
    ],
  })
}
