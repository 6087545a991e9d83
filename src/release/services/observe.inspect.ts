import type { Engine } from '../../io/engine/engine.ts'
import type { Service, Task } from '../../io/engine/types.ts'
import {
  label,
  type ObservedService,
  type ObservedTask,
  type Release,
  type Role,
} from '../model.ts'
import { driftOf } from './drift.ts'

/** Services of a project as the engine has them, with their tasks, beside what their releases' records say. */
export const observeServices = async (engine: Engine, services: Service[], releases: Release[]) => {
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
