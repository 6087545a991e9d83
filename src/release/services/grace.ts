import type { ServiceSpec } from '../../io/engine/types.ts'

/** What the engine gives a task that was made with no grace period of its own. */
export const graceDefaultMs = 10_000

/** How long a service's tasks may take to stop; null if its spec leaves that to the engine. */
export const graceOf = (spec: ServiceSpec): number | null => {
  const nanos = spec.TaskTemplate.ContainerSpec.StopGracePeriod
  return nanos === undefined ? null : nanos / 1_000_000
}
