// The parts of the Docker Engine API (v1.43 and later) that Zarpe reads or writes, by the API's own
// names: https://docs.docker.com/reference/api/engine/. Everything else the API sends is ignored.

export type Labels = Record<string, string>

export type ServiceSpec = {
  Name: string
  Labels: Labels
  TaskTemplate: TaskSpec
  Mode:
    | { Replicated: { Replicas: number } }
    | { ReplicatedJob: { MaxConcurrent: number; TotalCompletions: number } }
  UpdateConfig?: UpdateConfig
  RollbackConfig?: UpdateConfig
  EndpointSpec?: { Mode: 'dnsrr' }
}

export type UpdateConfig = {
  Parallelism: number
  Order: 'start-first' | 'stop-first'
  FailureAction: 'pause' | 'continue' | 'rollback'
  Monitor?: number
  Delay?: number
  MaxFailureRatio?: number
}

export type TaskSpec = {
  ContainerSpec: ContainerSpec
  Resources?: {
    Limits?: { MemoryBytes?: number; NanoCPUs?: number; Pids?: number }
    Reservations?: { MemoryBytes?: number; NanoCPUs?: number }
  }
  RestartPolicy?: {
    Condition: 'none' | 'on-failure' | 'any'
    Delay?: number
    MaxAttempts?: number
    Window?: number
  }
  Placement?: { Constraints?: string[] }
  Networks?: { Target: string; Aliases?: string[] }[]
  LogDriver?: { Name: string; Options?: Record<string, string> }
  ForceUpdate?: number
}

export type ContainerSpec = {
  Image: string
  Labels?: Labels
  Command?: string[]
  Args?: string[]
  Hostname?: string
  Env?: string[]
  Dir?: string
  User?: string
  Groups?: string[]
  TTY?: boolean
  OpenStdin?: boolean
  ReadOnly?: boolean
  Init?: boolean
  StopSignal?: string
  /** Nanoseconds. */
  StopGracePeriod?: number
  Mounts?: MountSpec[]
  Hosts?: string[]
  CapabilityAdd?: string[]
  CapabilityDrop?: string[]
  Sysctls?: Record<string, string>
  Ulimits?: { Name: string; Soft: number; Hard: number }[]
  Healthcheck?: Healthcheck
  Secrets?: FileReference<'SecretID' | 'SecretName'>[]
  Configs?: FileReference<'ConfigID' | 'ConfigName'>[]
}

type FileReference<Keys extends string> = Record<Keys, string> & {
  File: { Name: string; UID: string; GID: string; Mode: number }
}

export type MountSpec = {
  Type: 'volume' | 'bind' | 'tmpfs'
  Source?: string
  Target: string
  ReadOnly?: boolean
  VolumeOptions?: { NoCopy?: boolean; Labels?: Labels }
  TmpfsOptions?: { SizeBytes?: number; Mode?: number }
}

/** Durations in nanoseconds. */
export type Healthcheck = {
  Test: string[]
  Interval?: number
  Timeout?: number
  Retries?: number
  StartPeriod?: number
  StartInterval?: number
}

/** What the engine tells of a secret: all but its content. */
export type Secret = { ID: string; Spec: { Name: string; Labels: Labels | null } }

export type SwarmConfig = { ID: string; Spec: { Name: string; Labels: Labels | null } }

export type Service = {
  ID: string
  Version: { Index: number }
  CreatedAt: string
  UpdatedAt: string
  Spec: ServiceSpec
  PreviousSpec?: ServiceSpec
  UpdateStatus?: { State: string; Message?: string; StartedAt?: string; CompletedAt?: string }
}

export type TaskState =
  | 'new'
  | 'allocated'
  | 'pending'
  | 'assigned'
  | 'accepted'
  | 'preparing'
  | 'ready'
  | 'starting'
  | 'running'
  | 'complete'
  | 'shutdown'
  | 'failed'
  | 'rejected'
  | 'remove'
  | 'orphaned'

export type Task = {
  ID: string
  ServiceID: string
  NodeID?: string
  Slot?: number
  CreatedAt: string
  Spec: TaskSpec
  DesiredState: TaskState
  Status: {
    Timestamp: string
    State: TaskState
    Message?: string
    Err?: string
    ContainerStatus?: { ContainerID?: string; PID?: number; ExitCode?: number }
  }
  NetworksAttachments?: { Network: { ID: string; Spec: { Name: string } }; Addresses?: string[] }[]
}

export type Network = {
  Id: string
  Name: string
  Driver: string
  Attachable: boolean
  /** The swarm's own network, over which published ports are reached. */
  Ingress?: boolean
  Labels: Labels | null
  Containers?: Record<string, { Name: string; IPv4Address: string }>
}

export type Volume = {
  Name: string
  Labels: Labels | null
  CreatedAt?: string
  Driver: string
  /** Where its files are on the server, for the driver `local`. */
  Mountpoint: string
  Options?: Record<string, string> | null
}

export type ContainerSummary = {
  Id: string
  Names: string[]
  Image: string
  ImageID: string
  State: string
  Status: string
  Created: number
  Labels: Labels
}

export type Container = {
  Id: string
  Name: string
  Image: string
  RestartCount: number
  State: {
    Status: string
    Running: boolean
    Pid: number
    ExitCode: number
    OOMKilled: boolean
    StartedAt: string
    Health?: { Status: string; Log?: { ExitCode: number; Output: string; End: string }[] }
  }
  Config: { Env?: string[]; Labels?: Labels; Image: string }
  HostConfig: { RestartPolicy?: { Name: string } }
  NetworkSettings: {
    Networks: Record<string, { NetworkID: string; IPAddress: string; Aliases?: string[] }>
  }
  Mounts?: { Type: string; Name?: string; Source: string; Destination: string }[]
}

export type Image = {
  Id: string
  RepoTags: string[] | null
  RepoDigests: string[] | null
  Created: string
  Size: number
  Architecture: string
  Os: string
  Config?: {
    Env?: string[] | null
    Cmd?: string[] | null
    Entrypoint?: string[] | null
    User?: string
    Healthcheck?: { Test?: string[] } | null
  }
}

export type Info = {
  ServerVersion: string
  MemTotal: number
  NCPU: number
  DockerRootDir: string
  Name: string
  Swarm: {
    NodeID: string
    NodeAddr: string
    LocalNodeState: string
    ControlAvailable: boolean
    Error?: string
  }
}

export type Node = {
  ID: string
  Spec: { Labels?: Labels; Role: string; Availability: string }
  Description: { Hostname: string; Resources: { NanoCPUs: number; MemoryBytes: number } }
  Status: { State: string; Addr?: string }
}

export type Stats = {
  memory_stats: {
    usage?: number
    limit?: number
    stats?: { inactive_file?: number; total_inactive_file?: number }
  }
  cpu_stats: { cpu_usage: { total_usage: number }; system_cpu_usage?: number; online_cpus?: number }
  precpu_stats: { cpu_usage: { total_usage: number }; system_cpu_usage?: number }
  networks?: Record<string, { rx_bytes: number }>
}

/** What `POST /containers/create` takes, as far as Zarpe's own plain containers need it. */
export type ContainerCreate = {
  Image: string
  Cmd?: string[]
  Entrypoint?: string[]
  Env?: string[]
  Labels?: Labels
  ExposedPorts?: Record<string, object>
  StopSignal?: string
  User?: string
  WorkingDir?: string
  Tty?: boolean
  OpenStdin?: boolean
  StdinOnce?: boolean
  AttachStdin?: boolean
  AttachStdout?: boolean
  AttachStderr?: boolean
  HostConfig?: {
    Binds?: string[]
    Mounts?: MountSpec[]
    PortBindings?: Record<string, { HostIp?: string; HostPort: string }[]>
    RestartPolicy?: { Name: string }
    NetworkMode?: string
    Sysctls?: Record<string, string>
    AutoRemove?: boolean
    CapAdd?: string[]
    CapDrop?: string[]
    GroupAdd?: string[]
    ReadonlyRootfs?: boolean
    LogConfig?: { Type: string; Config?: Record<string, string> }
    ExtraHosts?: string[]
    CpuShares?: number
    /** From -1000 to 1000: whom the kernel ends first where memory runs out. */
    OomScoreAdj?: number
    Init?: boolean
    /** Path in the container → mount options, such as `size=64m,mode=700`. */
    Tmpfs?: Record<string, string>
    Memory?: number
    Ulimits?: { Name: string; Soft: number; Hard: number }[]
  }
  NetworkingConfig?: { EndpointsConfig: Record<string, { Aliases?: string[] }> }
}
