import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../bundle.ts'

// Who runs beside whom. The order is written down, so that a run is the same on every machine.

/**
 * Files that mostly wait, in two rows that run beside each other; the longest come first. Nothing
 * here counts lost requests or is due within seconds.
 */
const beside: [string[], string[]] = [
  ['setup', 'secrets', 'locks', 'environment', 'connection', 'lab'],
  ['inputs', 'check', 'debian-12', 'release', 'build-on-server', 'uninstall'],
]

/** Files that count requests under load or have a deadline: each of them has the machine to itself. */
const alone = [
  'crash',
  'bad-releases',
  'gapless',
  'edge',
  'reboot',
  'neighbours',
  'secret-files',
  'limits',
]

/** Which scenario files run after each other in one row; rows of a stage run beside each other. */
export type Stage = { rows: { name: string; files: string[] }[] }

/**
 * The stages of a run, for files whose name holds one of the words (for none: all of them). A file
 * that no row names has the machine to itself, at the end.
 */
export const stagesFor = (words: string[]): Stage[] => {
  const chosen = (name: string) => words.length === 0 || words.some((word) => name.includes(word))
  const named = new Set([...beside.flat(), ...alone])
  const unnamed = scenarioNames().filter((name) => !named.has(name))
  const row = (name: string, files: string[]) => ({ name, files: files.filter(chosen) })
  const stages = [
    { rows: [row('one', beside[0]), row('two', beside[1])] },
    { rows: [row('alone', [...alone, ...unnamed])] },
  ]
  return stages
    .map(({ rows }) => ({ rows: rows.filter(({ files }) => files.length > 0) }))
    .filter(({ rows }) => rows.length > 0)
}

/** The scenarios, by the first word of their file's name. */
export const scenarioNames = (): string[] =>
  readdirSync(join(root, 'test', 'scenarios'))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => name.replace(/\.test\.ts$/, ''))
    .toSorted()
