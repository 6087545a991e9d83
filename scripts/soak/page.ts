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

- Releases under load: 20 and 5 rollbacks at 400 requests a second, new and kept connections mixed; never 50 at 500 on new ones alone. A run in which the
  machine stood still for more than 3 s while requests were lost is measured once more, and says so.
- Bad releases: seven kinds, each once. Flapping, an image of another processor, a migration that fails half-way and a database that is not reached are no kinds
  of their own; a certificate authority that refuses for its rate is a unit test.
- The scan: TCP 1 to 1024 and eleven ports beyond; of UDP, and of TCP over IPv6, a few ports; IPv6 not again after the reboot.
- The flood does not reach the journal's cap. Growth is bounded upwards alone.
- Power is cut at four places of a release, not at random ones. Set-up and uninstall are not killed at each step.
- Two deploys at once: one pair; the other rounds are pairs of scalings. How fast the second is told is not asserted.

Random sequences of releases, rollbacks and scalings run in \`npm run check\`, on a server in memory; lynis and testssl are run
by hand, with their figures in [coverage](coverage.md).
`
