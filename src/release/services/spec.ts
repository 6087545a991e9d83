import type { Migration, SecretMount, Service } from '../../app/model.ts'
import { upstreamName } from '../../edge/model.ts'
import { unexpanded } from '../../io/engine/template.ts'
import type { ContainerSpec, ServiceSpec, TaskSpec } from '../../io/engine/types.ts'
import { fingerprint, keyedFingerprint } from '../../plan/fingerprint.ts'
import { label, type Role } from '../model.ts'
import { migrationName, releasedName, statefulName } from '../names.ts'

const nanos = (ms: number) => ms * 1_000_000

/** What specs are made with beside the service itself. */
export type SpecScope = {
  project: string
  hashKey: string
  /** The Swarm secret that stands for each secret of the Compose file. */
  secrets: Record<string, string>
}

/** The Swarm service that runs `service` in release `release`, from the image `reference`. */
export const serviceSpec = (
  scope: SpecScope,
  service: Service,
  reference: string,
  release: number,
): ServiceSpec => {
  const hash = serviceHash(scope, service, reference)
  const role: Role = service.stateful ? 'stateful' : 'service'
  return {
    Name: service.stateful
      ? statefulName(scope.project, service.name)
      : releasedName(scope.project, service.name, release),
    Labels: labelsOf(scope.project, service.name, release, hash, role),
    TaskTemplate: taskSpec(scope, service, reference, release),
    Mode: { Replicated: { Replicas: service.replicas } },
    UpdateConfig: {
      Parallelism: 1,
      Order: service.stateful ? 'stop-first' : service.order,
      FailureAction: 'pause',
    },
    // Virtual IPs cut idle connections and send requests to stopping tasks.
    EndpointSpec: { Mode: 'dnsrr' },
  }
}

/** What makes two versions of a service differ; the release's number does not. */
export const serviceHash = (scope: SpecScope, service: Service, reference: string) =>
  keyedFingerprint(scope.hashKey, {
    task: taskSpec(scope, service, reference, 0),
    stateful: service.stateful,
  })

/** The task that runs the migration: the service's own image, environment and volumes. */
export const migrationSpec = (
  scope: SpecScope,
  service: Service,
  migration: Migration,
  reference: string,
  release: number,
): ServiceSpec => {
  const task = taskSpec(scope, service, reference, release)
  return {
    Name: migrationName(scope.project, release),
    Labels: labelsOf(scope.project, service.name, release, fingerprint(migration), 'job'),
    TaskTemplate: {
      ...task,
      ContainerSpec: {
        ...task.ContainerSpec,
        // It serves nobody: Swarm would end it as unhealthy, also by the check that its image brings along.
        Healthcheck: { Test: ['NONE'] },
        Args: migration.command,
      },
      // Joins the network under no alias: nobody may send a migration requests.
      Networks: [{ Target: scope.project }],
      RestartPolicy: { Condition: 'none' },
    },
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: { Mode: 'dnsrr' },
  }
}

const labelsOf = (project: string, service: string, release: number, hash: string, role: Role) => ({
  [label.project]: project,
  [label.service]: service,
  [label.release]: String(release),
  [label.hash]: hash,
  [label.role]: role,
})

const taskSpec = (
  scope: SpecScope,
  service: Service,
  reference: string,
  release: number,
): TaskSpec => {
  const { project } = scope
  const { limits, reservations } = service.container
  return {
    ContainerSpec: containerSpec(scope, service, reference, release),
    Resources: {
      Limits: {
        ...(limits.memoryBytes === null ? {} : { MemoryBytes: limits.memoryBytes }),
        ...(limits.nanoCpus === null ? {} : { NanoCPUs: limits.nanoCpus }),
        ...(limits.pids === null ? {} : { Pids: limits.pids }),
      },
      Reservations: {
        ...(reservations.memoryBytes === null ? {} : { MemoryBytes: reservations.memoryBytes }),
        ...(reservations.nanoCpus === null ? {} : { NanoCPUs: reservations.nanoCpus }),
      },
    },
    RestartPolicy: { Condition: service.container.restart, Delay: nanos(1_000) },
    ...placementOf(service.container.constraints),
    Networks: [{ Target: project, Aliases: [service.name, upstreamName(project, service.name)] }],
    LogDriver: { Name: 'journald', Options: { labels: Object.values(label).join(',') } },
  }
}

const containerSpec = (
  { project, secrets }: SpecScope,
  service: Service,
  reference: string,
  release: number,
): ContainerSpec => {
  const model = service.container
  const environment = { ...model.environment, ZARPE_RELEASE: String(release) }
  return {
    Image: reference,
    Labels: {
      ...model.labels,
      [label.project]: project,
      [label.service]: service.name,
      [label.release]: String(release),
    },
    Env: Object.entries(environment).map(([name, value]) => unexpanded(`${name}=${value}`)),
    StopGracePeriod: nanos(model.drainMs > 0 ? model.drainMs : model.stopGraceMs),
    Mounts: model.mounts,
    ...(model.entrypoint ? { Command: model.entrypoint } : {}),
    ...(model.command ? { Args: model.command } : {}),
    ...(model.directory ? { Dir: model.directory } : {}),
    ...(model.user ? { User: model.user } : {}),
    ...(model.hostname ? { Hostname: model.hostname } : {}),
    ...(model.healthcheck ? { Healthcheck: model.healthcheck } : {}),
    // A drain keeps an app serving that would exit at once: it gets a signal that does nothing,
    // and its time is up when the grace period ends.
    ...stopSignal(model.drainMs > 0 ? 'SIGCONT' : model.stopSignal),
    ...listOr(
      'Secrets',
      model.secrets.map((mount) => secretReference(secrets, mount)),
    ),
    ...listOr('Groups', model.groups),
    ...listOr('Hosts', model.hosts),
    ...listOr('CapabilityAdd', model.capabilitiesAdd),
    ...listOr('CapabilityDrop', model.capabilitiesDrop),
    ...listOr('Ulimits', model.ulimits),
    ...(Object.keys(model.sysctls).length > 0 ? { Sysctls: model.sysctls } : {}),
    ...(model.readOnly ? { ReadOnly: true } : {}),
    ...(model.init ? { Init: true } : {}),
    ...(model.tty ? { TTY: true } : {}),
    ...(model.stdinOpen ? { OpenStdin: true } : {}),
  }
}

/** The id is the server's own and filled in there; see `withSecretIds`. */
const secretReference = (names: Record<string, string>, mount: SecretMount) => ({
  SecretID: '',
  SecretName: names[mount.secret] ?? '',
  File: { Name: mount.target, UID: mount.uid, GID: mount.gid, Mode: mount.mode },
})

const placementOf = (constraints: string[]): Pick<TaskSpec, 'Placement'> =>
  constraints.length > 0 ? { Placement: { Constraints: constraints } } : {}

const stopSignal = (signal: string | null) => (signal ? { StopSignal: signal } : {})

const listOr = <Key extends string, Item>(key: Key, list: Item[]) =>
  (list.length > 0 ? { [key]: list } : {}) as { [Name in Key]?: Item[] }
