import type { Unit } from '../io/host/machine/units.ts'
import { agentProgram, compiled } from './program.ts'

// The units by which systemd starts the agent when no laptop is there. Nothing stays when its job is done.

/** A timer with what it starts. */
export type TimedUnit = { timer: Unit; service: Unit }

const header = '# Written by Zarpe; zarpe deploy writes it anew.'

/** The text of a timer. `times`: lines such as `OnCalendar=…`. */
export const timer = (description: string, times: string[]) => `${header}
[Unit]
Description=${description}

[Timer]
${times.join('\n')}
AccuracySec=1s

[Install]
WantedBy=timers.target
`

/** The text of a service that does one job of the agent and ends. `job`: words of `zarpe agent once`. */
export const agentService = (description: string, job: string, more: string[]) => `${header}
[Unit]
Description=${description}
Wants=network-online.target
After=network-online.target docker.service

[Service]
Type=oneshot
# The agent's own program, by its own runtime: see /usr/local/bin/zarpe-agent.
Environment=NODE_COMPILE_CACHE=${compiled}
ExecStart=${agentProgram} once ${job}
${more.join('\n')}
`
