import type { ServiceSpec } from '../../io/engine/types.ts'
import type { Observed, Release } from '../model.ts'

/** What the engine gives a task that was made with no grace period of its own. */
export const graceDefaultMs = 10_000

/** How long a service's tasks may take to stop; null if its spec leaves that to the engine. */
export const graceOf = (spec: ServiceSpec): number | null => {
  const nanos = spec.TaskTemplate.ContainerSpec.StopGracePeriod
  return nanos === undefined ? null : nanos / 1_000_000
}

/** The longest that any record gives a Swarm service, since it is not known which of them made what runs now. */
export const recordedGraceMs = ({ releases }: Pick<Observed, 'releases'>, name: string): number =>
  Math.max(
    graceDefaultMs,
    ...releases.flatMap((release) =>
      release.services
        .filter((each) => each.swarmService === name || isJobOf(release, each.service, name))
        .map(({ spec }) => graceOf(spec) ?? graceDefaultMs),
    ),
  )

/** A migration is stopped as the service that it comes from is. */
const isJobOf = ({ migration }: Release, service: string, name: string) =>
  migration?.swarmService === name && migration.service === service
