import { agentService, timer, type TimedUnit } from '../../agent/units.ts'
import type { Dataset } from '../model.ts'
import { everyS } from '../wal/model.ts'

// The timers that take backups when no laptop is there. They start the agent, and nothing stays.

/** Neither a project's name nor a dataset's has a dot, so that none is the beginning of another's. */
const unitPrefix = (project: string) => `zarpe-backup-${project}.`

/** Whether a unit is a timer or service of this project's backups. */
export const isTimerOf = (project: string, unit: string) => unit.startsWith(unitPrefix(project))

/** The unit that takes a backup of a dataset. */
export const backupUnit = (project: string, dataset: string) =>
  `${unitPrefix(project)}${dataset}.service`

/** The units of a dataset, each timer with what it starts. */
export const unitsOf = (project: string, dataset: Dataset): TimedUnit[] => {
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

const timerText = (project: string, { name, at }: Dataset) =>
  timer(`Backups of ${name} of ${project}`, [
    ...at.map((time) => `OnCalendar=*-*-* ${time}:00`),
    '# A server that was off takes the backup that it missed.',
    'Persistent=true',
  ])

const serviceText = (project: string, dataset: string) =>
  agentService(`Backup of ${dataset} of ${project}`, `backup ${project} ${dataset}`, [
    '# Whatever serves has the right of way.',
    'Nice=10',
    'IOSchedulingClass=idle',
    'TimeoutStartSec=24h',
  ])

const ofLog = (project: string, dataset: string) =>
  `Archiving of the write-ahead log of ${dataset} of ${project}`

const logTimerText = (project: string, dataset: string) =>
  timer(ofLog(project, dataset), ['OnActiveSec=5', `OnUnitInactiveSec=${everyS}`])

const logServiceText = (project: string, dataset: string) =>
  agentService(ofLog(project, dataset), `wal ${project} ${dataset}`, [
    '# It says what went wrong and nothing else; that a round begins and ends is not worth a line each time.',
    'SyslogLevel=err',
    'LogLevelMax=notice',
    'TimeoutStartSec=1h',
  ])
