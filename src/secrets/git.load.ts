import { environmentForOthers, run } from '../io/host/processes/process.ts'
import type { ProblemData } from '../problem/problem.ts'

const limitMs = 10_000

/** What git answers about a folder, in words that do not depend on the user's language; null when it cannot be asked. */
const ask = async (folder: string, argv: string[]) => {
  const env = { ...environmentForOthers(), LC_ALL: 'C' }
  const asked = await run('git', ['-C', folder, ...argv], { limitMs, env }).catch(() => null)
  return asked && !asked.timedOut ? asked : null
}

/** The exit code of git, or null when it cannot be asked. */
export const gitCode = async (folder: string, argv: string[]): Promise<number | null> =>
  (await ask(folder, argv))?.code ?? null

/**
 * Why git tells nothing of the repository that a folder is in, such as one of another user; null where it does, or there is
 * none. Its exit code is the same as outside a repository, which must not pass for one in which nothing is kept.
 */
export const gitRefusal = async (folder: string): Promise<ProblemData | null> => {
  const asked = await ask(folder, ['rev-parse', '--git-dir'])
  if (asked?.code !== 128 || /not a git repository|cannot change to/.test(asked.stderr)) return null
  const trust = /git config --global --add safe\.directory .+/.exec(asked.stderr)?.[0]
  const said = /^fatal: (.*)/m.exec(asked.stderr)?.[1] ?? 'it said nothing'
  return {
    code: 'environment/git-refuses',
    summary: 'Git does not tell what it has of this folder.',
    detail: `${said}. So nobody knows whether a file of secrets is in the repository, or would be with the next \`git add .\`.`,
    fix: [trust ?? `git -C '${folder.replaceAll("'", '')}' status`],
  }
}
