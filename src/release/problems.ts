import { Problem } from '../problem/problem.ts'

/** `hello-production_web-r42` → `web`, for sentences and for commands to copy. */
export const plainName = (swarmService: string) =>
  swarmService.replace(/^[^_]*_/, '').replace(/-r\d+$/, '')

const releaseOf = (swarmService: string) => /-r(\d+)$/.exec(swarmService)?.[1]

const logsCommand = (swarmService: string, service = plainName(swarmService)) => {
  const release = releaseOf(swarmService)
  return `zarpe logs ${service}${release ? ` --release ${release}` : ''}`
}

/** A name of the command line that is no service of what is released. */
export const unknownService = (asked: string, names: string[]) =>
  new Problem({
    code: 'config/unknown-service',
    summary: 'The current release has no such service.',
    detail: `"${asked}" is none of: ${names.join(', ') || 'nothing was released yet'}.`,
    fix: ['zarpe status'],
  })

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

/** A Swarm secret that a release needs is not on the server, and its content is nowhere but there. */
export const secretGone = (names: string[]) =>
  new Problem({
    code: 'release/secret-gone',
    summary: 'A secret that the release mounts is gone from the server.',
    detail: `${names.join(', ')}: the record of a release holds no content of a secret.`,
    fix: ['zarpe deploy    # brings the present contents'],
  })
