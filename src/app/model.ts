import type { AlertSettings } from '../alerts/model.ts'
import type { DataSettings } from '../data/model.ts'
import type { ProvisionWanted } from '../data/provision/model.ts'
import type { EdgeSettings, Route } from '../edge/model.ts'
import type { Healthcheck, MountSpec } from '../io/engine/types.ts'

// What the user wants, fully resolved: no optionals that mean "default", no strings that are
// numbers, nothing read from the environment any more.

/** A product in one environment. */
export type App = {
  name: string
  environment: string
  /** `<name>-<environment>`: the Swarm network's name and the prefix of everything Zarpe creates. */
  project: string
  servers: Server[]
  /** In the order in which they must start. */
  services: Service[]
  routes: Route[]
  /** HTML for browsers while nothing of it answers; null for the edge's own. */
  maintenancePage: string | null
  migrate: Migration | null
  release: ReleaseSettings
  /** Whose engine builds images. */
  buildOn: 'laptop' | 'server'
  edge: EdgeSettings
  /** What is backed up, where to and when; null if zarpe.yml names no data. */
  data: DataSettings | null
  /** Who is told when something is wrong; null for nobody. */
  alerts: AlertSettings | null
  /** What its databases must have beside their data. */
  provision: ProvisionWanted[]
  /** Contents of the secrets that services mount as files, base64 by name. */
  secrets: Record<string, string>
}

/** A secret in a container: a file that is never on the server's disk. */
export type SecretMount = {
  /** The secret's name in the Compose file. */
  secret: string
  /** Path in the container. */
  target: string
  uid: string
  gid: string
  /** Rights, such as 0o400. */
  mode: number
}

/** A machine that is reached over SSH: `user@host:port`, or a name from the user's ssh_config. */
export type Server = { name: string; target: string }

export type Migration = { service: string; command: string[]; limitMs: number }

export type ReleaseSettings = {
  /** How long a service may take to become healthy. */
  healthyWithinMs: number
  /** How long a new service is watched from its start before the old one goes. */
  watchMs: number
  /** How many releases stay ready for an instant rollback, the current one included. */
  keep: number
}

/** An image as the Compose file names it; `platform` where it wants another processor than the server's. */
type RegistryImage = { from: 'registry'; reference: string; platform: string | null }

/** Where a service's image comes from. */
export type ImageSource = RegistryImage | { from: 'build'; build: Build }

export type Build = {
  context: string
  dockerfile: string | null
  dockerfileInline: string | null
  target: string | null
  args: Record<string, string>
  /** Another processor than this machine's, as `linux/amd64`. */
  platform: string | null
}

export type Service = {
  name: string
  image: ImageSource
  /** Keeps data: updated in place, stop first, never two at once. */
  stateful: boolean
  /** Old and new may run side by side during a release. */
  order: 'start-first' | 'stop-first'
  replicas: number
  /** Services that must be healthy before this one starts. */
  after: string[]
  container: ContainerModel
}

/** A container as Compose describes it, in the Engine API's units. */
export type ContainerModel = {
  entrypoint: string[] | null
  command: string[] | null
  environment: Record<string, string>
  user: string | null
  groups: string[]
  directory: string | null
  hostname: string | null
  readOnly: boolean
  init: boolean
  tty: boolean
  stdinOpen: boolean
  stopSignal: string | null
  stopGraceMs: number
  /** Keep serving this long after leaving DNS, for apps that exit at once on a stop signal. */
  drainMs: number
  healthcheck: Healthcheck | null
  mounts: MountSpec[]
  secrets: SecretMount[]
  hosts: string[]
  capabilitiesAdd: string[]
  capabilitiesDrop: string[]
  sysctls: Record<string, string>
  ulimits: { Name: string; Soft: number; Hard: number }[]
  labels: Record<string, string>
  limits: { memoryBytes: number | null; nanoCpus: number | null; pids: number | null }
  reservations: { memoryBytes: number | null; nanoCpus: number | null }
  restart: 'none' | 'on-failure' | 'any'
  /** What a node must be like to run it, in Swarm's words: `node.labels.disk==fast`. */
  constraints: string[]
}
