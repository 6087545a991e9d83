import type { Dataset } from './model.ts'

// The timers that take backups when no laptop is there. They start the agent, and nothing stays.

/** Neither a project's name nor a dataset's has a dot, so that none is the beginning of another's. */
const unitPrefix = (project: string) => `zarpe-backup-${project}.`

/** Whether a unit is a timer or service of this project's backups. */
export const isTimerOf = (project: string, unit: string) => unit.startsWith(unitPrefix(project))

export type Unit = { name: string; content: string }

/** The units of a dataset; none if it has no times. */
export const unitsOf = (
  project: string,
  dataset: Dataset,
): { timer: Unit; service: Unit } | null => {
  if (dataset.at.length === 0) return null
  const name = `${unitPrefix(project)}${dataset.name}`
  return {
    timer: { name: `${name}.timer`, content: timerText(project, dataset) },
    service: { name: `${name}.service`, content: serviceText(project, dataset.name) },
  }
}

const timerText = (
  project: string,
  { name, at }: Dataset,
) => `# Written by Zarpe; zarpe deploy writes it anew.
[Unit]
Description=Backups of ${name} of ${project}

[Timer]
${at.map((time) => `OnCalendar=*-*-* ${time}:00`).join('\n')}
# A server that was off takes the backup that it missed.
Persistent=true
AccuracySec=1s

[Install]
WantedBy=timers.target
`

const serviceText = (
  project: string,
  dataset: string,
) => `# Written by Zarpe; zarpe deploy writes it anew.
[Unit]
Description=Backup of ${dataset} of ${project}
Wants=network-online.target
After=network-online.target docker.service

[Service]
Type=oneshot
# The agent's own program, by its own runtime: see /usr/local/bin/zarpe-agent.
ExecStart=/usr/local/lib/zarpe/node --disable-warning=ExperimentalWarning /usr/local/lib/zarpe/zarpe.mjs agent once backup ${project} ${dataset}
# Whatever serves has the right of way.
Nice=10
IOSchedulingClass=idle
TimeoutStartSec=24h
`
