import { paths } from '../paths.ts'
import { isOlder, type Rule, serverStep, wantedFile } from './rule.ts'

// All containers log through docker.service: journald's default rate limit for one service would
// let a chatty container silence every other one.
const content = `# Written by zarpe setup.
[Journal]
Storage=persistent
SystemMaxUse=1G
SystemMaxFileSize=64M
SystemKeepFree=1G
MaxRetentionSec=90day
RateLimitIntervalSec=30s
RateLimitBurst=100000
`

// The second one moves what was logged to memory so far to the disk, and logs there from then.
const services = ['systemd-journald.service', 'systemd-journal-flush.service']

/** Logs that survive a reboot and never fill the disk. */
export const journal: Rule = {
  id: 'journal',
  why: 'logs that survive a reboot and never fill the disk',
  wanted: (facts) => {
    const file = wantedFile(facts, { path: paths.journald, content, mode: '0644' }, journal.why)
    const isCurrent = services.every((name) => !isOlder(facts, name, paths.journald))
    if (file.length === 0 && isCurrent) return []
    return [
      ...file,
      ...services.map((name) =>
        serverStep('server.unit', name, journal.why, { name, action: 'restart' }),
      ),
    ]
  },
}
