import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { type Part, parts } from './parts.ts'

/** What a long run came to: `part` as in parts.ts. */
export type Outcome = { part: string; value: string }

const notYet = 'not run in its long form yet'

/** Writes the page anew: outcomes of now in their rows, those of earlier runs with their date. */
export const writePage = (path: string, fresh: Outcome[]): void => {
  const before = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
  const machine = `${cpus().length} cores and ${Math.round(totalmem() / 2 ** 30)} GiB`
  const today = `${new Date().toISOString().slice(0, 10)}, ${machine}`
  const rowOf = ({ part, asked, minutes }: Part) => {
    const now = fresh.filter((outcome) => outcome.part === part).map(({ value }) => value)
    const kept = before.find((line) => line.startsWith(`| \`${part}\` |`))
    const [outcome, at] =
      now.length > 0 ? [now.join('; '), today] : (cellsOf(kept) ?? [notYet, '–'])
    return `| \`${part}\` | ${asked} | ${outcome} | ${at} | ${minutes} |`
  }
  writeFileSync(path, pageOf(parts.map(rowOf)))
}

/** Outcome and date of a row that stands on the page. */
const cellsOf = (line: string | undefined): [string, string] | null => {
  const cells = line?.split(' | ') ?? []
  return cells.length >= 5 ? [cells[2]!, cells[3]!] : null
}

const pageOf = (rows: string[]) => `# Soak

Written by \`npm run soak\`: the long forms of the scenarios, on real engines in the lab. \`npm run soak -- names flood\` runs
the parts whose word holds one of these; without a word all of them run, one after the other. An outcome is that of the
part's last run, with its day and machine.

| part | asked | outcome | run on | minutes, about |
|---|---|---|---|---|
${rows.join('\n')}

Random sequences of releases, rollbacks and scalings run in \`npm run check\`, on a server in memory; lynis and testssl are run
by hand, with their figures in [coverage](coverage.md).
`
