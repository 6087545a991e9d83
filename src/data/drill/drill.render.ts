import type { ProblemData } from '../../problem/problem.ts'
import type { DatasetKind } from '../model.ts'

/** What a drill found. Times in milliseconds. */
export type DrillReport = {
  project: string
  store: string
  startedAt: string
  /** From nothing to a healthy product with its data: what a lost server costs in time. Of a drill that failed, until then. */
  recoveryMs: number
  /** `ageMs`: how much of the newest data would have been lost. */
  datasets: { dataset: string; kind: DatasetKind; backup: string; ageMs: number }[]
  /** Those that were done. */
  steps: { name: string; ms: number }[]
  /** Why the product's own server could not tell which copies are proven; null: it did. */
  silent: ProblemData | null
  /** Where it ended and why; null: the product came back. */
  failed: { step: string; problem: ProblemData } | null
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

const ageText = (ms: number) =>
  ms < 2 * 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`

/** What is done where nobody can say which copies are proven. */
export const silentText = ({ summary, detail }: ProblemData, store: string): string =>
  `the product's own server cannot tell which are proven (${summary} ${detail}): the newest that "${store}" has is taken, whether it was proven or not`

export const drillLines = (report: DrillReport): string[] => [
  ...report.steps.map(({ name, ms }) => `✓ ${name}  ${seconds(ms)}`),
  ...report.datasets.map(
    ({ dataset, backup, ageMs }) =>
      `${dataset}: ${backup}; a loss now would cost the last ${ageText(ageMs)} (recovery point)`,
  ),
  ...(report.silent ? [silentText(report.silent, report.store)] : []),
  report.failed
    ? `✗ ${report.failed.step}, after ${seconds(report.recoveryMs)}`
    : `back after ${seconds(report.recoveryMs)} (recovery time), from ${report.store} alone`,
]

/** The report as a page that can be kept. */
export const drillMarkdown = (report: DrillReport): string => `# Drill of ${report.project}

${report.startedAt}, from the store "${report.store}" alone: ${
  report.failed
    ? `**the product did not come back.**

${failureOf(report.failed)}`
    : 'the product came back.'
}
${report.silent ? `\nNote: ${silentText(report.silent, report.store)}.\n` : ''}
| | |
|---|---|
| ${report.failed ? 'failed after' : 'recovery time'} | ${seconds(report.recoveryMs)} |
${report.datasets.map(({ dataset, backup, ageMs }) => `| recovery point of ${dataset} | ${ageText(ageMs)} (${backup}) |\n`).join('')}
| step | time |
|---|---|
${report.steps.map(({ name, ms }) => `| ${name} | ${seconds(ms)} |\n`).join('')}${report.failed ? `| ${report.failed.step} | failed |\n` : ''}`

const failureOf = ({ step, problem }: NonNullable<DrillReport['failed']>): string =>
  [
    `It failed at "${step}": ${problem.summary} ${problem.detail} (\`${problem.code}\`)`,
    ...boxed('Seen:', problem.evidence ?? []),
    ...boxed('What to do:', problem.fix),
  ].join('\n\n')

const boxed = (title: string, lines: string[]): string[] =>
  lines.length > 0 ? [title, `\`\`\`\n${lines.join('\n')}\n\`\`\``] : []
