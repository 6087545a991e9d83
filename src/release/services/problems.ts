import { Problem } from '../../problem/problem.ts'

/** `hello-production_web-r42` → `web`, for sentences and for commands to copy. */
const plainName = (swarmService: string) =>
  swarmService.replace(/^[^_]*_+/, '').replace(/-r\d+$/, '')

const releaseOf = (swarmService: string) => /-r(\d+)$/.exec(swarmService)?.[1]

const logsCommand = (swarmService: string, service = plainName(swarmService)) => {
  const release = releaseOf(swarmService)
  return `zarpe logs ${service}${release ? ` --release ${release}` : ''}`
}

export const notHealthy = (swarmService: string, reason: string, evidence: string[]) =>
  new Problem({
    code: 'release/not-healthy',
    summary: 'A service of the release did not become healthy.',
    detail: `"${plainName(swarmService)}": ${reason}.`,
    fix: [logsCommand(swarmService)],
    evidence,
  })

export const notPlaced = (swarmService: string, reason: string) =>
  new Problem({
    code: 'release/not-placed',
    summary: 'No server can take a task of the release.',
    detail: `"${plainName(swarmService)}": ${reason}.`,
    fix: ['zarpe status', 'Lower deploy.resources.reservations or its placement constraints.'],
  })

/** `service` is the one whose image ran the migration: its lines are in the journal under that name. */
export const migrationFailed = (
  swarmService: string,
  service: string,
  reason: string,
  evidence: string[],
) =>
  new Problem({
    code: 'release/migration-failed',
    summary: 'The migration failed; nothing of the new release has started.',
    detail: `"${plainName(swarmService)}": ${reason}.`,
    fix: [logsCommand(swarmService, service)],
    evidence,
  })

/** Somebody removed it, for nothing of the run does. */
export const serviceGone = (swarmService: string) =>
  new Problem({
    code: 'release/service-gone',
    summary: 'A service of the release disappeared.',
    detail: `Somebody removed ${swarmService} while it was starting.`,
    fix: ['zarpe deploy'],
  })
