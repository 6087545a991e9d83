import type { DatasetKind } from '../model.ts'

/** What a drill found. Times in milliseconds. */
export type DrillReport = {
  project: string
  store: string
  startedAt: string
  /** From nothing to a healthy product with its data: what a lost server costs in time. */
  recoveryMs: number
  /** `ageMs`: how much of the newest data would have been lost. */
  datasets: { dataset: string; kind: DatasetKind; backup: string; ageMs: number }[]
  steps: { name: string; ms: number }[]
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`

const ageText = (ms: number) =>
  ms < 2 * 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`

export const drillLines = (report: DrillReport): string[] => [
  ...report.steps.map(({ name, ms }) => `✓ ${name}  ${seconds(ms)}`),
  ...report.datasets.map(
    ({ dataset, backup, ageMs }) =>
      `${dataset}: ${backup}; a loss now would cost the last ${ageText(ageMs)} (recovery point)`,
  ),
  `back after ${seconds(report.recoveryMs)} (recovery time), from ${report.store} alone`,
]

/** The report as a page that can be kept. */
export const drillMarkdown = (report: DrillReport): string => `# Drill of ${report.project}

${report.startedAt}, from the store "${report.store}" alone: the product came back.

| | |
|---|---|
| recovery time | ${seconds(report.recoveryMs)} |
${report.datasets.map(({ dataset, backup, ageMs }) => `| recovery point of ${dataset} | ${ageText(ageMs)} (${backup}) |`).join('\n')}

| step | time |
|---|---|
${report.steps.map(({ name, ms }) => `| ${name} | ${seconds(ms)} |`).join('\n')}
`
