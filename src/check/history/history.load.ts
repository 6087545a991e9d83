import { createHash } from 'node:crypto'
import { run } from '../../io/host/processes/process.ts'
import { messageOf, Problem } from '../../problem/problem.ts'
import { leakIn } from './history.ts'
import type { Judged } from '../judge.ts'
import { type AddedLine, commitMark, patchReader } from './patch.ts'
import { neverText } from '../project/repository.load.ts'
import { secretInHistory } from '../rules/secret-in-history.ts'
import { configFor, neededPrefix } from '../project/staged.load.ts'
import { knownIn } from '../project/values.load.ts'

/** What was found in the commits of a repository, and how many were looked at. */
export type History = {
  findings: Judged[]
  off: string | undefined
  commits: number
  notes: string[]
}

const limitMs = 10 * 60_000
const findingsMax = 1_000
/** Of a longer line no more is looked at; it was written by a program. */
const lineLengthMax = 100_000

/**
 * Looks for secrets in every line that a commit of any branch has added, the newest commits first and
 * `commitsMax` of them at most. A secret that was moved or taken back in is told once, where it came in.
 */
export const loadHistory = async (folder: string, commitsMax: number): Promise<History> => {
  await neededPrefix(folder)
  const { config } = await configFor(folder)
  const known = await knownIn(folder, config)
  const found = new Map<string, AddedLine & { kind: string; column: number }>()
  let commits = 0
  const read = patchReader(
    (added) => {
      if (neverText.test(added.file)) return
      const leak = leakIn({ ...added, text: added.text.slice(0, lineLengthMax) }, known)
      if (!leak || found.size >= findingsMax) return
      const key = createHash('sha256').update(`${leak.kind}\0${added.text.trim()}`).digest('hex')
      // Commits come newest first, so that the last one seen is the one that brought it in.
      found.set(key, { ...added, ...leak })
    },
    () => (commits += 1),
  )
  const asked = await run('git', argvFor(folder, commitsMax), { limitMs, onLine: read })
  if (asked.code !== 0 && !asked.timedOut && !/does not have any commits/.test(asked.stderr))
    throw unreadable(asked.stderr)
  const all = (await countCommits(folder)) ?? commits
  return {
    commits,
    off: config.check.off['secret-in-history'],
    notes: [
      ...(asked.timedOut
        ? [`the history was not read to its end within ${limitMs / 60_000} minutes`]
        : []),
      ...(commits < all && !asked.timedOut
        ? [`the newest ${commits} of ${all} commits were looked at; --commits looks at more`]
        : []),
      ...(found.size >= findingsMax ? [`only the first ${findingsMax} findings are told`] : []),
    ],
    findings: [...found.values()].map(findingOf),
  }
}

const findingOf = ({
  commit,
  file,
  line,
  column,
  kind,
}: AddedLine & { kind: string; column: number }) => ({
  rule: secretInHistory,
  place: { file: `${commit.slice(0, 12)}:${file}`, line, column },
  detail: `The commit added ${kind}.`,
})

const argvFor = (folder: string, commitsMax: number) => [
  ...['-C', folder, '-c', 'core.quotePath=false', '-c', 'diff.renames=true', 'log', '--all'],
  ...['--patch', '--unified=0', `--max-count=${commitsMax}`, `--format=${commitMark}%H`],
  ...[
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--diff-filter=ACMRT',
    '--diff-merges=first-parent',
    '--relative',
    '--',
    '.',
  ],
]

const countCommits = async (folder: string): Promise<number | null> => {
  const argv = ['-C', folder, 'rev-list', '--all', '--count', '--', '.']
  const asked = await run('git', argv, { limitMs: 60_000 }).catch(() => null)
  return asked?.code === 0 ? Number(asked.stdout) : null
}

const unreadable = (stderr: string) =>
  new Problem({
    code: 'check/history-unreadable',
    summary: 'The history of the repository could not be read.',
    detail: messageOf(new Error(stderr.trim().split('\n').at(-1) ?? 'git said nothing')),
    fix: ['git log --all --oneline | tail', 'git fsck'],
  })
