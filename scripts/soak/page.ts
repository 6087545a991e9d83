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
part's last run, with its day and machine. Debian has no PostgreSQL 14 and 16: without Docker Hub their parts run where
\`ZARPE_LAB_POSTGRES_14\` and \`_16\` name a folder with \`usr/lib/postgresql/<version>\` in it, built for Debian 13.

| part | asked | outcome | run on | minutes, about |
|---|---|---|---|---|
${rows.join('\n')}

## What these runs do not ask

- A run under load in which the machine stood still for more than 3 s while requests were lost is measured once more, and says so.
- A certificate authority that refuses for its rate is a unit test.
- The flood does not reach the journal's cap. Growth is bounded upwards alone.
- How fast the second of two deploys is told is measured, not asserted. Of an uninstall, the last three steps are not killed: the door by which a test
  kills goes before them.

Random sequences of releases, rollbacks and scalings run in \`npm run check\`, on a server in memory; lynis and testssl are run
by hand, with their figures in [coverage](coverage.md).
`
