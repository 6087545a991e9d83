import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../bundle.ts'

// Who runs beside whom. The order is written down, so that a run is the same on every machine.

/** Files that run one after the other, by one worker. */
export type Row = { name: string; files: string[] }

/**
 * Stages follow each other; the rows of one run beside each other, each file with servers of its own. A worker whose row is
 * done helps with the other.
 */
const stages = [
  // Mostly waits.
  [
    ['setup', 'setup-killed', 'secrets', 'guide', 'reboot', 'provision'],
    [
      ...['connection', 'limits', 'check', 'locks', 'environment', 'names', 'release', 'adopt'],
      ...[
        'build-on-server',
        'other-processor',
        'hook',
        'alerts',
        'stores-s3',
        'stores-sftp',
        'lab',
        'backups',
      ],
    ],
  ],
  // The first takes a core, and must not wait long for it.
  [
    ['crash', 'uninstall', 'debian-12', 'secret-files'],
    ['data-engines', 'crash-verbs', 'point-in-time', 'inputs'],
  ],
  // Counts lost requests under load, or has deadlines of seconds: each has the machine to itself.
  [['bad-releases', 'neighbours', 'gapless', 'edge']],
]

/**
 * The rows of each stage for files whose name holds one of the words (for none: all of them). A file
 * that no row names has the machine to itself, at the end.
 */
export const stagesFor = (words: string[]): Row[][] => {
  const chosen = (name: string) => words.length === 0 || words.some((word) => name.includes(word))
  const named = new Set(stages.flat(2))
  const unnamed = scenarioNames().filter((name) => !named.has(name))
  return [...stages, [unnamed]]
    .map((rows, stage) =>
      rows
        .map((files, row) => ({ name: `${stage + 1}${'ab'[row]}`, files: files.filter(chosen) }))
        .filter(({ files }) => files.length > 0),
    )
    .filter((rows) => rows.length > 0)
}

/**
 * What a worker runs next: the first of its own row that nobody has begun, or else the last of another. Undefined when all
 * have begun.
 */
export const nextFile = (
  rows: Row[],
  own: number,
  begun: ReadonlySet<string>,
): string | undefined => {
  const left = (row: Row | undefined) => row?.files.filter((file) => !begun.has(file)) ?? []
  const others = rows.filter((_row, index) => index !== own)
  return left(rows[own])[0] ?? others.flatMap(left).at(-1)
}

/** The scenarios, by the first word of their file's name. */
export const scenarioNames = (): string[] =>
  readdirSync(join(root, 'test', 'scenarios'))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => name.replace(/\.test\.ts$/, ''))
    .toSorted()
