import type { ServiceSpec } from '../io/engine/types.ts'
import type { Release } from './model.ts'

/** The acts a release is made of, in the order in which they usually come. */
export type ReleaseSteps = {
  /** Gets an image onto the server; nothing runs it yet. */
  'image.pull': { reference: string }
  /** Writes the release's record with state `starting`. */
  'release.open': { release: Release }
  'network.create': { project: string }
  /** Stops a service's tasks without removing it, so that starting it again is instant. */
  'service.retire': { service: string; graceMs: number }
  /** Creates a service, or scales the one of that name up to what the spec says. */
  'service.start': { spec: ServiceSpec }
  /** Makes a service of that name be exactly this spec, in place. */
  'service.apply': { spec: ServiceSpec }
  /** Waits until this release's tasks are healthy, and watches them for a while. */
  'service.await': { service: string; replicas: number; watchMs: number }
  /** Runs a task to its end, once; a job that ended well before is not run again. */
  'job.run': { spec: ServiceSpec }
  /** From here on this release is the one that counts. */
  'release.commit': { project: string; number: number }
  'release.close': { project: string; number: number; problem: string }
  'release.forget': { project: string; number: number }
  /** Removes the project's records; the last step of its life on a server. */
  'project.forget': { project: string }
  /** Makes a Swarm secret; `data` is its content as base64. */
  'secret.create': { project: string; name: string; data: string }
  'secret.remove': { name: string }
  'service.remove': { service: string }
  'network.remove': { project: string }
  'image.remove': { reference: string }
}
