import { parseDotenv, plainProblems } from '../../app/dotenv.ts'
import { withValue } from '../../app/dotenv-edit.ts'
import { valuesFileOf } from '../../app/environment.ts'
import type { Context } from '../../cli/context.ts'
import type { Config } from '../../config/schema.ts'
import { within } from '../../io/host/files/durable.ts'
import { readOwnedIfThere, writeOwned } from '../../io/host/files/owned.ts'
import { Problems } from '../../problem/problem.ts'
import { encryptedFile } from '../../secrets/encrypted.load.ts'
import { openEncrypted, saveEncrypted } from '../../secrets/encrypted.run.ts'
import { keptByGit } from '../../secrets/exposure.load.ts'

/** Where values were written, and what the user should know about that file. */
export type Written = { file: string; notes: string[] }

/**
 * Sets values of an environment where it keeps them: in its encrypted file if that is the one there
 * is, else in the file in plain, which is created if need be and is its owner's alone afterwards.
 * Nothing is written if a line of the file is not clear, nor a new file that git would take.
 */
export const writeValues = async (
  context: Pick<Context, 'folder' | 'options'>,
  config: Config,
  environment: string,
  values: Record<string, string>,
): Promise<Written> => {
  const file = valuesFileOf(environment, config.environments[environment]!)
  const path = within(context.folder, file)
  const before = (await readOwnedIfThere(path))?.toString('utf8') ?? null
  const encrypted = await readOwnedIfThere(within(context.folder, encryptedFile(environment)))
  if (before === null && encrypted !== null) return writeEncrypted(context, values)
  const problems = [
    ...plainProblems(parseDotenv(file, before ?? '')),
    ...(before === null ? await keptByGit(context.folder, file) : []),
  ]
  if (problems.length > 0) throw new Problems(problems)
  await writeOwned(path, withValues(before ?? '', values), { mode: 0o600 })
  return { file, notes: [] }
}

const writeEncrypted = async (
  context: Pick<Context, 'folder' | 'options'>,
  values: Record<string, string>,
): Promise<Written> => {
  const opened = await openEncrypted(context)
  const notes = await saveEncrypted(context.folder, opened, withValues(opened.text, values))
  return { file: opened.file, notes }
}

const withValues = (text: string, values: Record<string, string>) =>
  Object.entries(values).reduce((before, [name, value]) => withValue(before, name, value), text)
