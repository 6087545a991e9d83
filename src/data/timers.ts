import type { Dataset } from './model.ts'
import { everyS } from './wal/model.ts'

// The timers that take backups when no laptop is there. They start the agent, and nothing stays.

/** Neither a project's name nor a dataset's has a dot, so that none is the beginning of another's. */
const unitPrefix = (project: string) => `zarpe-backup-${project}.`

/** Whether a unit is a timer or service of this project's backups. */
export const isTimerOf = (project: string, unit: string) => unit.startsWith(unitPrefix(project))

export type Unit = { name: string; content: string }

/** The unit that takes a backup of a dataset. */
export const backupUnit = (project: string, dataset: string) =>
  `${unitPrefix(project)}${dataset}.service`

/** The units of a dataset, each timer with what it starts. */
export const unitsOf = (project: string, dataset: Dataset): { timer: Unit; service: Unit }[] => {
  const name = `${unitPrefix(project)}${dataset.name}`
  const backups = {
    timer: { name: `${name}.timer`, content: timerText(project, dataset) },
    service: { name: `${name}.service`, content: serviceText(project, dataset.name) },
  }
  const log = {
    timer: { name: `${name}.wal.timer`, content: logTimerText(project, dataset.name) },
    service: { name: `${name}.wal.service`, content: logServiceText(project, dataset.name) },
  }
  if (dataset.at.length === 0) return []
  return dataset.kind === 'cluster' ? [backups, log] : [backups]
}

const agent =
  '/usr/local/lib/zarpe/node --disable-warning=ExperimentalWarning /usr/local/lib/zarpe/zarpe.mjs agent'

const header = '# Written by Zarpe; zarpe deploy writes it anew.'

const timerOf = (description: string, times: string[]) => `${header}
[Unit]
Description=${description}

[Timer]
${times.join('\n')}
AccuracySec=1s

[Install]
WantedBy=timers.target
`

const serviceOf = (description: string, job: string, more: string[]) => `${header}
[Unit]
Description=${description}
Wants=network-online.target
After=network-online.target docker.service

[Service]
Type=oneshot
# The agent's own program, by its own runtime: see /usr/local/bin/zarpe-agent.
ExecStart=${agent} once ${job}
${more.join('\n')}
`

const timerText = (project: string, { name, at }: Dataset) =>
  timerOf(`Backups of ${name} of ${project}`, [
    ...at.map((time) => `OnCalendar=*-*-* ${time}:00`),
    '# A server that was off takes the backup that it missed.',
    'Persistent=true',
  ])

const serviceText = (project: string, dataset: string) =>
  serviceOf(`Backup of ${dataset} of ${project}`, `backup ${project} ${dataset}`, [
    '# Whatever serves has the right of way.',
    'Nice=10',
    'IOSchedulingClass=idle',
    'TimeoutStartSec=24h',
  ])

const ofLog = (project: string, dataset: string) =>
  `Archiving of the write-ahead log of ${dataset} of ${project}`

const logTimerText = (project: string, dataset: string) =>
  timerOf(ofLog(project, dataset), ['OnActiveSec=5', `OnUnitInactiveSec=${everyS}`])

const logServiceText = (project: string, dataset: string) =>
  serviceOf(ofLog(project, dataset), `wal ${project} ${dataset}`, [
    '# It says what went wrong and nothing else; that a round begins and ends is not worth a line each time.',
    'SyslogLevel=err',
    'LogLevelMax=notice',
    'TimeoutStartSec=1h',
  ])
