import { holderOf } from '../agent/lock.run.ts'
import { lastRun } from '../agent/journal.run.ts'
import { inspectAlerts } from '../alerts/inspect.ts'
import { inspectData } from '../data/catalogue/inspect.ts'
import { lookAtProvision } from '../data/provision/look.run.ts'
import { inspectEdge } from '../edge/inspect.ts'
import type { Engine } from '../io/engine/engine.ts'
import type { Service, Task } from '../io/engine/types.ts'
import { diskBytes, freeMemoryBytes } from '../io/host/resources.ts'
import { driftOf } from './services/drift.ts'
import type { InspectParams, InspectResult } from './methods.ts'
import {
  label,
  type Observed,
  type ObservedService,
  type ObservedTask,
  type Release,
  type Role,
} from './model.ts'
import { builtPatterns, isBuiltFor } from './names.ts'
import { readCurrent, readReleases } from './records/records.run.ts'
import { hashKeyOf } from './records/seal-key.run.ts'
import { resolveReferences } from './images/resolve.inspect.ts'

/** Reads everything a release is planned from, next to the engine, at one moment. */
export const inspect = async (engine: Engine, params: InspectParams): Promise<InspectResult> => {
  const { project } = params
  const [
    releases,
    current,
    services,
    network,
    secrets,
    edge,
    data,
    alerts,
    provision,
    info,
    run,
    lock,
  ] = await Promise.all([
    readReleases(project),
    readCurrent(project),
    engine.services.list({ label: [`${label.project}=${project}`] }),
    engine.networks.find(project),
    engine.secrets.list({ label: [`${label.project}=${project}`] }),
    inspectEdge(engine),
    inspectData(project),
    inspectAlerts(project),
    lookAtProvision(engine, project, params.provision ?? []),
    engine.system.info(),
    lastRun(project),
    holderOf(project),
  ])
  const observed: Observed = {
    project,
    releases,
    current,
    services: await observeServices(engine, services, releases),
    network: network ? { id: network.Id } : null,
    secrets: secrets.map(({ Spec }) => Spec.Name).toSorted(),
    edge,
    data,
    alerts,
    provision,
    lastRun: run,
    lock,
    memoryFreeBytes: await freeMemoryBytes(),
    diskFreeBytes: (await diskBytes(info.DockerRootDir)).freeBytes,
    images: await presence(engine, [
      ...params.images,
      ...releases.flatMap((release) => release.services.map((each) => each.image.reference)),
      ...(await builtImages(engine, project)),
    ]),
  }
  return {
    observed,
    resolved: await resolveReferences(engine, params.references, observed),
    hashKey: await hashKeyOf(project),
  }
}

const presence = async (engine: Engine, references: string[]) => {
  const unique = [...new Set(references)]
  const found = await Promise.all(unique.map((reference) => engine.images.find(reference)))
  return Object.fromEntries(unique.map((reference, index) => [reference, found[index] !== null]))
}

/** Those on the server that were built for a project, also of a run that died before its record. */
const builtImages = async (engine: Engine, project: string) => {
  const found = await engine.images.list({ reference: builtPatterns(project) })
  return found
    .flatMap((image) => image.RepoDigests ?? [])
    .filter((reference) => isBuiltFor(project, reference))
}

const observeServices = async (engine: Engine, services: Service[], releases: Release[]) => {
  const tasks = await Promise.all(
    services.map((service) => engine.services.tasks({ service: [service.ID] })),
  )
  return services
    .map((service, index) => observeService(service, tasks[index] ?? [], releases))
    .toSorted((left, right) => left.name.localeCompare(right.name))
}

const observeService = (service: Service, tasks: Task[], releases: Release[]): ObservedService => {
  const labels = service.Spec.Labels
  const recorded = releases
    .toReversed()
    .flatMap((release) => release.services)
    .find((each) => each.swarmService === service.Spec.Name && each.hash === labels[label.hash])
  const mode = service.Spec.Mode
  return {
    id: service.ID,
    name: service.Spec.Name,
    service: labels[label.service] ?? '',
    release: Number(labels[label.release] ?? 0),
    hash: labels[label.hash] ?? '',
    role: (labels[label.role] ?? 'service') as Role,
    replicas: 'Replicated' in mode ? mode.Replicated.Replicas : 1,
    drift: recorded ? driftOf(recorded.spec, service.Spec) : [],
    image: service.Spec.TaskTemplate.ContainerSpec.Image,
    labels,
    tasks: tasks.map(observeTask),
    createdAt: service.CreatedAt,
    updatedAt: service.UpdatedAt,
  }
}

const observeTask = (task: Task): ObservedTask => ({
  id: task.ID,
  state: task.Status.State,
  desired: task.DesiredState,
  node: task.NodeID ?? null,
  container: task.Status.ContainerStatus?.ContainerID ?? null,
  addresses: (task.NetworksAttachments ?? []).flatMap((each) => each.Addresses ?? []),
  createdAt: task.CreatedAt,
  since: task.Status.Timestamp,
  error: task.Status.Err ?? null,
  exitCode: task.Status.ContainerStatus?.ExitCode ?? null,
})
