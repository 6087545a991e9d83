import { tableLines } from '../../cli/table.ts'
import type { Paint } from '../../cli/terminal.ts'
import { mebibytes } from '../../problem/mebibytes.ts'
import { minuteOf } from '../../problem/minute.ts'
import { plainText } from '../../problem/plain.ts'
import type { StatusReport } from './model.ts'
import { failedMigrations, migrationLines } from './migrations.ts'
import { isWell } from './report.ts'

/** The report as a person reads it, the worst told last so that it is on the screen. */
export const statusLines = (report: StatusReport, title: string, paint: Paint): string[] => [
  `${paint.bold(title)}  ${releaseText(report)}`,
  '',
  ...tableLines(
    ['service', 'release', 'state', 'tasks', 'restarts', 'memory', 'cpu', 'image age'],
    report.services.map((service) => [
      service.service,
      `r${service.release}`,
      service.state,
      `${service.running}/${service.wanted}`,
      String(service.restarts),
      mebibytes(service.memoryBytes),
      `${service.cpuPercent.toFixed(1)} %`,
      service.imageAgeDays === null ? '–' : `${service.imageAgeDays} d`,
    ]),
  ),
  ...(report.services.length > 0 ? [''] : []),
  ...report.certificates.map(
    (each) => `certificate ${each.domain}: ${each.daysLeft} days left (${each.issuer})`,
  ),
  ...report.late.map(
    (domain) => `certificate ${domain}: not known, for the edge was too slow to show one`,
  ),
  ...report.backups.map(backupText),
  ...migrationLines(report.migrations),
  `server ${report.machine.hostname}: engine ${report.machine.engine}, memory free ${share(report.machine.memory)}, disk free ${share(report.machine.disk)}`,
  ...(report.failed ? [failedText(report.failed)] : []),
  ...troubles(report).map((line) => `${paint.bad('✗')} ${line}`),
  ...(report.run?.state === 'under-way' ? [`… ${report.run.text}`] : []),
  ...(report.ok && !report.run && report.late.length === 0
    ? [`${paint.good('✓')} all as wanted`]
    : []),
]

const backupText = ({ dataset, ageMs, logAgeMs, momentsSince }: StatusReport['backups'][number]) =>
  [
    `data ${dataset}: ${ageMs === null ? 'no proven backup' : `proven backup ${hoursText(ageMs)} old`}`,
    ...logTexts(logAgeMs),
    ...momentTexts(momentsSince),
  ].join(', ')

const logTexts = (ms: number | null | undefined) => {
  if (ms === undefined) return []
  return [ms === null ? 'no log yet' : `log archived ${Math.round(ms / 1000)} s ago`]
}

const momentTexts = (since: string | null | undefined) => {
  if (since === undefined) return []
  return [
    since === null
      ? 'no moment yet: its first base backup is to come'
      : `any moment since ${since}`,
  ]
}

const hoursText = (ms: number) =>
  ms < 2 * 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`

const failedText = ({ number, at, by, problem }: NonNullable<StatusReport['failed']>) =>
  plainText(
    `release ${number} of ${minuteOf(at)} by ${by} failed and was taken back: ${problem ?? 'nobody knows why'}`,
  )

const releaseText = ({ release }: StatusReport) => {
  if (!release) return 'nothing released yet'
  const revision = release.revision ? ` (${release.revision.slice(0, 7)})` : ''
  const since = minuteOf(release.since)
  return `release ${release.number}${revision} since ${since} by ${release.by}`
}

const troubles = (report: StatusReport): string[] => [
  ...report.services.flatMap((service) =>
    service.drift.map((text) => `${service.service}: ${text}`),
  ),
  ...report.services
    .filter((service) => !isWell(service.state))
    .map((service) => `${service.service}: ${service.running} of ${service.wanted} tasks run`),
  ...report.backups.flatMap(({ dataset, trouble }) =>
    trouble.map(({ text }) => plainText(`data ${dataset}: ${text}`)),
  ),
  ...report.alerts.map(({ text }) => `alerts: ${text}`),
  ...failedMigrations(report.migrations),
  ...report.strays.map((name) => `${name} runs, but no release accounts for it`),
  ...(report.edge === 'down' ? ['the edge does not run: nothing answers on 80 and 443'] : []),
  ...report.uncertified.map(
    (domain) => `the edge has no certificate for ${domain}: "zarpe check --remote" looks why`,
  ),
  ...report.certificates
    .filter((each) => each.daysLeft <= 7)
    .map((each) => `the certificate of ${each.domain} ends in ${each.daysLeft} days`),
  ...(report.run && report.run.state !== 'under-way' ? [report.run.text] : []),
]

const share = ({ totalBytes, freeBytes }: { totalBytes: number; freeBytes: number }) =>
  `${(freeBytes / 1_073_741_824).toFixed(1)} of ${(totalBytes / 1_073_741_824).toFixed(1)} GiB`
