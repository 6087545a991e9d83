import type { EdgeApp, Route } from '../edge/model.ts'
import type { ServiceSpec } from '../io/engine/types.ts'
import type { AnyStep } from '../plan/kinds.ts'
import type { Release, ReleasedService } from './model.ts'
import { graceDefaultMs } from './services/grace.ts'
import type { ReleaseSteps } from './steps.ts'

/** How long the engine may take over one call that waits for nothing. */
const callMs = 30_000

/** Room for a rollout's own waits on top of what the user allowed. */
const marginMs = 10_000

/** Room for an engine that is busy to take a service apart, on top of its tasks' own time. */
const removeMs = 110_000

/** The steps of a release, each made in one place so that its id, limit and danger are decided once. */
export const step = {
  pull: (reference: string, service: string, cause: string): AnyStep => ({
    id: `image.pull/${service}`,
    kind: 'image.pull',
    target: service,
    cause,
    limitMs: 1_800_000,
    params: { reference },
  }),
  open: (release: Release, cause: string): AnyStep => ({
    id: 'release.open',
    kind: 'release.open',
    target: String(release.number),
    cause,
    limitMs: callMs,
    params: { release },
  }),
  createNetwork: (project: string, cause: string): AnyStep => ({
    id: 'network.create',
    kind: 'network.create',
    target: project,
    cause,
    limitMs: callMs,
    params: { project },
  }),
  start: (spec: ServiceSpec, cause: string): AnyStep => ({
    id: `service.start/${spec.Name}`,
    kind: 'service.start',
    target: spec.Name,
    cause,
    limitMs: callMs,
    params: { spec },
  }),
  apply: (spec: ServiceSpec, cause: string, downtime = false): AnyStep => ({
    id: `service.apply/${spec.Name}`,
    kind: 'service.apply',
    target: spec.Name,
    cause,
    limitMs: callMs,
    ...(downtime ? { danger: 'downtime' as const } : {}),
    params: { spec },
  }),
  await: (
    service: Pick<ReleasedService, 'swarmService' | 'replicas'>,
    withinMs: number,
    watchMs: number,
    cause: string,
  ): AnyStep => ({
    id: `service.await/${service.swarmService}`,
    kind: 'service.await',
    target: service.swarmService,
    cause,
    limitMs: withinMs + watchMs,
    params: { service: service.swarmService, replicas: service.replicas, watchMs },
  }),
  job: (spec: ServiceSpec, limitMs: number, cause: string): AnyStep => ({
    id: `job.run/${spec.Name}`,
    kind: 'job.run',
    target: spec.Name,
    cause,
    limitMs,
    params: { spec },
  }),
  startEdge: (image: string, cause: string): AnyStep => ({
    id: 'edge.start',
    kind: 'edge.start',
    target: image,
    cause,
    limitMs: 300_000,
    params: { image },
  }),
  attach: (network: string, cause: string): AnyStep => ({
    id: `edge.attach/${network}`,
    kind: 'edge.attach',
    target: network,
    cause,
    limitMs: callMs,
    params: { network },
  }),
  detach: (network: string, cause: string): AnyStep => ({
    id: `edge.detach/${network}`,
    kind: 'edge.detach',
    target: network,
    cause,
    limitMs: callMs,
    params: { network },
  }),
  configure: (project: string, app: EdgeApp | null, cause: string): AnyStep => ({
    id: `edge.configure/${project}`,
    kind: 'edge.configure',
    target: project,
    cause,
    limitMs: callMs,
    params: { project, app },
  }),
  prove: (
    project: string,
    routes: Route[],
    expect: string[],
    exclusive: boolean,
    limitMs: number,
    cause: string,
  ): AnyStep => ({
    id: `edge.prove/${exclusive ? 'only' : 'also'}`,
    kind: 'edge.prove',
    target: project,
    cause,
    limitMs,
    params: { project, routes, expect, exclusive },
  }),
  commit: (project: string, number: number, cause: string): AnyStep => ({
    id: 'release.commit',
    kind: 'release.commit',
    target: String(number),
    cause,
    limitMs: callMs,
    params: { project, number },
  }),
  close: (project: string, number: number, problem: string): AnyStep => ({
    id: `release.close/${number}`,
    kind: 'release.close',
    target: String(number),
    cause: 'it did not succeed',
    limitMs: callMs,
    params: { project, number, problem },
  }),
  forget: (project: string, number: number, cause: string): AnyStep => ({
    id: `release.forget/${number}`,
    kind: 'release.forget',
    target: String(number),
    cause,
    limitMs: callMs,
    params: { project, number },
  }),
  forgetProject: (project: string, cause: string): AnyStep => ({
    id: 'project.forget',
    kind: 'project.forget',
    target: project,
    cause,
    limitMs: callMs,
    params: { project },
  }),
  retire: (service: string, graceMs: number, cause: string, downtime = false): AnyStep => ({
    id: `service.retire/${service}`,
    kind: 'service.retire',
    target: service,
    cause,
    limitMs: graceMs + 2 * marginMs + callMs,
    ...(downtime ? { danger: 'downtime' as const } : {}),
    params: { service, graceMs },
  }),
  /** Its tasks are stopped, and get the time to end that they were made with. */
  remove: (
    service: string,
    cause: string,
    { downtime = false, graceMs = graceDefaultMs } = {},
  ): AnyStep => ({
    id: `service.remove/${service}`,
    kind: 'service.remove',
    target: service,
    cause,
    limitMs: graceMs + removeMs,
    ...(downtime ? { danger: 'downtime' as const } : {}),
    params: { service },
  }),
  createSecret: (params: ReleaseSteps['secret.create'], cause: string): AnyStep => ({
    id: `secret.create/${params.name}`,
    kind: 'secret.create',
    target: params.name,
    cause,
    limitMs: callMs,
    params,
  }),
  removeSecret: (name: string, cause: string): AnyStep => ({
    id: `secret.remove/${name}`,
    kind: 'secret.remove',
    target: name,
    cause,
    limitMs: callMs,
    params: { name },
  }),
  removeNetwork: (project: string, cause: string): AnyStep => ({
    id: 'network.remove',
    kind: 'network.remove',
    target: project,
    cause,
    limitMs: 60_000,
    params: { project },
  }),
  removeImage: (reference: string, cause: string): AnyStep => ({
    id: `image.remove/${reference}`,
    kind: 'image.remove',
    target: reference.replace(/^[^/]*\//, '').replace(/(@sha256:.{12}).*/, '$1'),
    cause,
    limitMs: callMs,
    params: { reference },
  }),
}
