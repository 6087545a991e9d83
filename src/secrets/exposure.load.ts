import { statOf, within } from '../io/host/files/durable.ts'
import { Problem, type ProblemData } from '../problem/problem.ts'
import { gitCode, gitRefusal } from './git.load.ts'

/**
 * Why a file with secrets in plain is not safe where it is: others on this machine may read it, git
 * keeps it, or would with the next `git add`. Outside a repository only the first applies.
 */
export const exposureOf = async (folder: string, file: string): Promise<ProblemData[]> => [
  ...(await openToOthers(folder, file)),
  ...(await keptByGit(folder, file)),
]

/** As `exposureOf`, of the rights alone. */
export const openToOthers = async (folder: string, file: string): Promise<ProblemData[]> => {
  const mode = ((await statOf(within(folder, file)))?.mode ?? 0) & 0o777
  if ((mode & 0o077) === 0) return []
  return [
    {
      code: 'environment/open-to-others',
      summary: 'A file of secrets can be read by others on this machine.',
      detail: `${file} has mode 0${mode.toString(8)}; any program of another user may have read it.`,
      place: { file, line: 1, column: 1 },
      fix: [`chmod 600 ${file}`],
    },
  ]
}

/** As `exposureOf`, of git alone. */
export const keptByGit = async (folder: string, file: string): Promise<ProblemData[]> => {
  const place = { file, line: 1, column: 1 }
  const tracked = await gitCode(folder, ['ls-files', '--error-unmatch', '--', file])
  const refusal = tracked === unanswered ? await gitRefusal(folder) : null
  if (refusal) return [{ ...refusal, place }]
  if (tracked === 0)
    return [
      {
        code: 'environment/in-git',
        summary: 'A file of secrets is in git.',
        detail: `${file} is tracked: everybody with a copy of the repository has its values, for ever.`,
        place,
        fix: [`git rm --cached ${file}`, 'Then renew the values, and commit.'],
      },
    ]
  if (!(await isUnignored(folder, file))) return []
  return [
    {
      code: 'environment/not-ignored',
      summary: 'A file of secrets is not ignored by git.',
      detail: `The next \`git add .\` would put ${file} into the repository.`,
      place,
      fix: [`printf '\\n%s\\n' '${file.replace(/^\.\//, '')}' >> .gitignore`],
    },
  ]
}

/** Whether git ignores a file that is meant to be committed. */
export const isIgnored = async (folder: string, file: string): Promise<boolean> =>
  (await checkIgnore(folder, file)) === 0

/** Whether the next `git add .` would take a file. False outside a repository; a `Problem` if git does not say. */
export const isUnignored = async (folder: string, file: string): Promise<boolean> => {
  const code = await checkIgnore(folder, file)
  const refusal = code === unanswered ? await gitRefusal(folder) : null
  if (refusal) throw new Problem(refusal)
  return code === 1
}

/** What git exits with where there is no repository, and also where it does not tell of one. */
const unanswered = 128

/** 0 is "ignored" and 1 "not ignored". */
const checkIgnore = (folder: string, file: string) =>
  gitCode(folder, ['check-ignore', '--quiet', '--', file])
