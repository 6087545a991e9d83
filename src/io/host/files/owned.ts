import type { Stats } from 'node:fs'
import { lstat, readFile, readlink, realpath, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { messageOf, Problem } from '../../../problem/problem.ts'
import { statOf } from './durable.ts'
import { writeFileWhole } from './files.ts'

/** The rights of a file of the user's: these, or those it has, and these if it is new. */
export type Rights = { mode: number } | { modeOfNew: number }

/**
 * Writes a whole file of the user's: at once, where a link leads, with the rights and the owner it
 * has. What is no file, such as `/dev/stdout`, is written into. A `Problem` says why it cannot be.
 */
export const writeOwned = async (
  path: string,
  content: string | Uint8Array,
  rights: Rights,
): Promise<void> => {
  try {
    const facts = await statOf(path)
    if (facts && !facts.isFile()) return await writeFile(path, content)
    const mode = 'mode' in rights ? rights.mode : facts ? facts.mode & 0o777 : rights.modeOfNew
    // Only root writes a file of somebody else, and leaves it to him.
    const owner = facts && process.getuid?.() === 0 ? { userId: facts.uid, groupId: facts.gid } : {}
    await writeFileWhole(await whereItLeads(path), content, { mode, ...owner })
  } catch (thrown) {
    throw notWritten(path, thrown)
  }
}

/** The bytes of a file of the user's, or a `Problem` that says why they cannot be read. */
export const readOwned = (path: string): Promise<Buffer> =>
  readFile(path).catch((thrown: unknown) => {
    throw notRead(path, thrown)
  })

/** As `readOwned`, or null if there is no such file. */
export const readOwnedIfThere = async (path: string): Promise<Buffer | null> =>
  (await factsOf(path)) === null ? null : readOwned(path)

/**
 * The text of a file of the user's, or null if there is none, or a folder in its place. A pipe is
 * refused: nobody may ever write its end. Values are another matter, for password managers give them so.
 */
export const readOwnedText = async (path: string): Promise<string | null> => {
  const facts = await factsOf(path)
  if (facts === null || facts.isDirectory()) return null
  if (!facts.isFile()) throw notRead(path, new Error('it is a pipe or a device, and no file'))
  return (await readOwned(path)).toString('utf8')
}

const factsOf = (path: string): Promise<Stats | null> =>
  statOf(path).catch((thrown: unknown) => {
    throw notRead(path, thrown)
  })

const whereItLeads = async (path: string): Promise<string> => {
  try {
    return await realpath(path)
  } catch {
    const isLink = await lstat(path).then(
      (facts) => facts.isSymbolicLink(),
      () => false,
    )
    return isLink ? resolve(dirname(path), await readlink(path)) : path
  }
}

const notRead = (path: string, cause: unknown) =>
  new Problem(
    {
      code: 'host/not-read',
      summary: 'A file could not be read.',
      detail: `${path}: ${messageOf(cause)}.`,
      fix: [`ls -ld ${path}`],
    },
    { cause },
  )

const notWritten = (path: string, cause: unknown) =>
  new Problem(
    {
      code: 'host/not-written',
      summary: 'A file could not be written; nothing was changed.',
      detail: `${path}: ${messageOf(cause)}.`,
      fix: [`ls -ld ${path} ${dirname(path)}`],
    },
    { cause },
  )
