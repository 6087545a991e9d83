import type { ContainerModel, ImageSource, SecretMount, Service } from '../app/model.ts'
import { parseBytes, parseDuration } from '../config/units.ts'
import type { Healthcheck, MountSpec } from '../io/engine/types.ts'
import { assert } from '../problem/assert.ts'
import { volumeName } from '../release/names.ts'
import type { ComposeProject, ComposeService } from './model.ts'
import { shortTmpfs, tmpfsMount } from './tmpfs.ts'

const stopGraceDefaultMs = 10_000
const nanosPerMs = 1_000_000

/** A name without a value is one that the environment's file does not have either: it stays unset. */
const texts = (record: Record<string, string | null> | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(record ?? {}).filter((entry): entry is [string, string] => entry[1] !== null),
  )

/** One Compose service in Zarpe's own terms. `drainMs` and `stateful` come from zarpe.yml. */
export const translateService = (
  project: string,
  compose: ComposeProject,
  name: string,
  own: { drainMs: number; stateful: boolean | null },
): Service => {
  const service = compose.services[name]
  assert(service, `no service ${name}`)
  const mounts = mountsOf(project, compose, service)
  const hasVolume = mounts.some((mount) => mount.Type === 'volume' && mount.Source)
  return {
    name,
    image: imageOf(service),
    stateful: own.stateful ?? hasVolume,
    order: service.deploy?.update_config?.order === 'stop-first' ? 'stop-first' : 'start-first',
    replicas: service.deploy?.replicas ?? service.scale ?? 1,
    after: Object.entries(service.depends_on ?? {})
      .filter(([other]) => Object.hasOwn(compose.services, other))
      .map(([other]) => other),
    container: { ...containerOf(service, mounts), drainMs: own.drainMs },
  }
}

const imageOf = (service: ComposeService): ImageSource => {
  const platform = service.platform ?? null
  if (!service.build) return { from: 'registry', reference: service.image ?? '', platform }
  return {
    from: 'build',
    build: {
      context: service.build.context,
      dockerfile: service.build.dockerfile ?? null,
      dockerfileInline: service.build.dockerfile_inline ?? null,
      target: service.build.target ?? null,
      args: texts(service.build.args),
      platform,
    },
  }
}

const containerOf = (
  service: ComposeService,
  mounts: MountSpec[],
): Omit<ContainerModel, 'drainMs'> => {
  const { limits, reservations } = service.deploy?.resources ?? {}
  return {
    entrypoint: service.entrypoint ?? null,
    command: service.command ?? null,
    environment: texts(service.environment),
    user: service.user || null,
    groups: service.group_add ?? [],
    directory: service.working_dir ?? null,
    hostname: service.hostname ?? null,
    readOnly: service.read_only ?? false,
    init: service.init ?? false,
    tty: service.tty ?? false,
    stdinOpen: service.stdin_open ?? false,
    stopSignal: service.stop_signal ?? null,
    stopGraceMs: milliseconds(service.stop_grace_period) ?? stopGraceDefaultMs,
    healthcheck: healthcheckOf(service),
    mounts,
    secrets: secretsOf(service),
    hosts: (service.extra_hosts ?? []).map(hostLine),
    capabilitiesAdd: service.cap_add ?? [],
    capabilitiesDrop: service.cap_drop ?? [],
    sysctls: texts(service.sysctls),
    ulimits: Object.entries(service.ulimits ?? {}).map(([Name, value]) =>
      typeof value === 'number'
        ? { Name, Soft: value, Hard: value }
        : { Name, Soft: value.soft, Hard: value.hard },
    ),
    labels: texts({ ...service.labels, ...service.deploy?.labels }),
    limits: {
      memoryBytes: bytes(limits?.memory ?? service.mem_limit),
      nanoCpus: cpus(limits?.cpus ?? service.cpus),
      pids: limits?.pids ?? service.pids_limit ?? null,
    },
    reservations: {
      memoryBytes: bytes(reservations?.memory ?? service.mem_reservation),
      nanoCpus: cpus(reservations?.cpus),
    },
    restart: restartOf(service),
    constraints: service.deploy?.placement?.constraints ?? [],
  }
}

/** Compose writes `name=address` or `name:address`; the engine wants `address name`. */
const hostLine = (line: string) => {
  const cut = line.search(/[=:]/)
  return `${line.slice(cut + 1)} ${line.slice(0, cut)}`
}

const restartOf = (service: ComposeService): ContainerModel['restart'] => {
  const condition = service.deploy?.restart_policy?.condition
  if (condition === 'none' || condition === 'on-failure') return condition
  if (condition === undefined && service.restart === 'no') return 'none'
  if (condition === undefined && service.restart?.startsWith('on-failure')) return 'on-failure'
  return 'any'
}

const healthcheckOf = (service: ComposeService): Healthcheck | null => {
  const check = service.healthcheck
  if (!check) return null
  if (check.disable || check.test?.[0] === 'NONE') return { Test: ['NONE'] }
  return {
    ...(check.test ? { Test: check.test } : { Test: [] }),
    ...nanos('Interval', check.interval),
    ...nanos('Timeout', check.timeout),
    ...(check.retries === undefined ? {} : { Retries: check.retries }),
    StartPeriod: (milliseconds(check.start_period) ?? 30_000) * nanosPerMs,
    // Asked often while it starts, a service is in use a second or two sooner.
    StartInterval: (milliseconds(check.start_interval) ?? 250) * nanosPerMs,
  }
}

const nanos = (key: 'Interval' | 'Timeout', text: string | undefined) => {
  const ms = milliseconds(text)
  return ms === null ? {} : { [key]: ms * nanosPerMs }
}

const secretFolder = '/run/secrets'

/**
 * Only the user of the container may read a secret, unless the file says otherwise. That user is known
 * here when `user` has its number; for a name, or a USER of the image, `uid` must say it.
 */
const secretsOf = (service: ComposeService): SecretMount[] => {
  const [, uid = '0', gid = uid] = /^(\d+)(?::(\d+))?$/.exec(service.user ?? '') ?? []
  return (service.secrets ?? []).map((mount) => {
    const target = mount.target ?? mount.source
    return {
      secret: mount.source,
      target: target.startsWith('/') ? target : `${secretFolder}/${target}`,
      uid: mount.uid ?? uid,
      gid: mount.gid ?? gid,
      mode: secretMode(mount.mode),
    }
  })
}

/** Rights as Compose prints them: octal digits, or the number that they stand for. */
export const secretMode = (mode: number | string | undefined): number => {
  if (mode === undefined) return 0o400
  return typeof mode === 'number' ? mode : Number.parseInt(mode, 8)
}

const mountsOf = (
  project: string,
  compose: ComposeProject,
  service: ComposeService,
): MountSpec[] => [
  ...(service.volumes ?? []).map((volume) => mountOf(project, compose, volume)),
  ...(service.tmpfs ?? []).map((text) => shortTmpfs(text).mount),
  ...(service.shm_size ? [shmOf(service.shm_size)] : []),
]

/** What the engine calls a volume of the Compose file. */
export const volumeSource = (project: string, compose: ComposeProject, name: string): string => {
  const declared = compose.volumes?.[name]
  return declared?.external ? (declared.name ?? name) : volumeName(project, name)
}

const mountOf = (
  project: string,
  compose: ComposeProject,
  volume: NonNullable<ComposeService['volumes']>[number],
): MountSpec => {
  if (volume.type === 'tmpfs')
    return tmpfsMount(volume.target, {
      size: bytes(volume.tmpfs?.size?.toString()),
      mode: volume.tmpfs?.mode ?? null,
      readOnly: volume.read_only ?? false,
    })
  const readOnly = volume.read_only ? { ReadOnly: true } : {}
  if (volume.type === 'bind')
    return { Type: 'bind', Source: volume.source ?? '', Target: volume.target, ...readOnly }
  const source = volume.source && volumeSource(project, compose, volume.source)
  return {
    Type: 'volume',
    ...(source ? { Source: source } : {}),
    Target: volume.target,
    ...readOnly,
    ...(volume.volume?.nocopy ? { VolumeOptions: { NoCopy: true } } : {}),
  }
}

const shmOf = (size: string): MountSpec => ({
  Type: 'tmpfs',
  Target: '/dev/shm',
  TmpfsOptions: { SizeBytes: bytes(size) ?? 67_108_864 },
})

const milliseconds = (text: string | undefined) => (text === undefined ? null : parseDuration(text))
const bytes = (text: string | undefined) => (text === undefined ? null : parseBytes(text))
const cpus = (value: number | string | undefined) =>
  value === undefined ? null : Math.round(Number(value) * 1e9)
