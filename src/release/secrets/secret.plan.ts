import type { AnyStep } from '../../plan/kinds.ts'
import type { Observed, Release, Wanted } from '../model.ts'
import { secretGone } from './problems.ts'
import { step } from '../step.ts'

/** The Swarm secrets that the services of a release mount. */
export const secretsOf = (release: Pick<Release, 'services'>): string[] => [
  ...new Set(
    release.services.flatMap(({ spec }) =>
      (spec.TaskTemplate.ContainerSpec.Secrets ?? []).map(({ SecretName }) => SecretName),
    ),
  ),
]

/**
 * Makes the secrets that a release mounts and the server lacks. A rollback has names only: its record
 * holds no content, so one that somebody removed by hand refuses it before anything is touched.
 */
export const secretSteps = (
  wanted: Pick<Wanted, 'secrets'>,
  observed: Observed,
  release: Release,
): AnyStep[] => {
  const missing = secretsOf(release).filter((name) => !observed.secrets.includes(name))
  const known = new Map(wanted.secrets.map((secret) => [secret.name, secret]))
  const gone = missing.filter((name) => !known.has(name))
  if (gone.length > 0) throw secretGone(gone)
  return missing.map((name) =>
    step.createSecret(
      { project: release.project, ...known.get(name)! },
      'services mount it as a file',
    ),
  )
}

/** What no kept release mounts goes, once no service does. */
export const spentSecrets = (observed: Observed, kept: Release[], cause: string): AnyStep[] => {
  const needed = new Set(kept.flatMap(secretsOf))
  return observed.secrets
    .filter((name) => !needed.has(name))
    .map((name) => step.removeSecret(name, cause))
}

/** Secrets that came with a failed release alone. */
export const straySecrets = (observed: Observed, failed: Release): string[] => {
  const others = observed.releases.filter(
    ({ number, state }) => number !== failed.number && state !== 'failed',
  )
  const needed = new Set(others.flatMap(secretsOf))
  return secretsOf(failed).filter((name) => observed.secrets.includes(name) && !needed.has(name))
}
