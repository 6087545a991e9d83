import type { GuardName } from './steps.ts'

/** An operating system we know by name, version and code name, as in /etc/os-release. */
export type OsFacts = { id: string; version: string; codename: string; name: string }

export type Listener = {
  protocol: 'tcp' | 'udp'
  address: string
  port: number
  /** Name of the program that holds it; empty if the kernel does not tell. */
  program: string
}

/** A subnet that is reached through an interface; the default route is not among them. */
export type Route = { subnet: string; device: string }

/** `startedAt`: whole seconds since the epoch, 0 if it is not active. */
export type UnitFacts = { active: string; enabled: string; startedAt: number }

/** `changedAt`: whole seconds since the epoch. */
export type FileFacts = { content: string; mode: string; owner: string; changedAt: number }

export type LoginFacts = { name: string; uid: number; keyCount: number }

export type SwarmFacts = {
  state: 'inactive' | 'active' | 'pending' | 'error' | 'locked'
  isManager: boolean
  address: string
  nodes: number
  taskHistoryLimit: number
  /** How often a node says that it lives; one that is silent for three times as long counts as lost. */
  heartbeatSeconds: number
}

/** An engine in no swarm, with what a new swarm would have. */
export const noSwarm: SwarmFacts = {
  state: 'inactive',
  isManager: false,
  address: '',
  nodes: 0,
  taskHistoryLimit: 5,
  heartbeatSeconds: 5,
}

export type DockerFacts = {
  /** Name of the package the engine came from; `unknown` if no package owns it. */
  origin: 'docker.io' | 'docker-ce' | 'snap' | 'unknown'
  /** Version of the engine that answers; empty if none answers. */
  version: string
  clientPresent: boolean
  runningContainers: number
  swarm: SwarmFacts
}

/** Everything that `setup` decides by. Gathered at once, by reading only. */
export type Facts = {
  os: OsFacts
  hostname: string
  /** As Node names it: `x64`, `arm64`. */
  arch: string
  /** Answer of `systemd-detect-virt`: `none` on bare metal. */
  virtualisation: string
  isContainer: boolean
  hasSystemd: boolean
  userId: number
  cores: number
  memoryMb: number
  memoryFreeMb: number
  swapMb: number
  disk: { totalMb: number; freeMb: number; filesystem: string }
  rebootRequired: boolean
  /** Packages that a broken installation left half configured. */
  brokenPackages: string[]
  packages: string[]
  heldPackages: string[]
  units: Record<string, UnitFacts>
  /** The files that `setup` may write; those that do not exist are absent. */
  files: Record<string, FileFacts>
  listeners: Listener[]
  routes: Route[]
  /** Interfaces that the world reaches: with a default route, or of a device that has a public address. */
  outsideInterfaces: string[]
  addresses: { device: string; address: string }[]
  /** `sshd -T`, keys in lower case; a key that comes several times has its values joined by space. */
  sshd: Record<string, string>
  /** The same without our file; empty if that cannot be told. */
  sshdWithoutOurs: Record<string, string>
  /** Every port on which SSH may be reached now. */
  sshPorts: number[]
  /** Interface that leads to whoever is logged in now; null if that cannot be told. */
  loginDevice: string | null
  /** What of the server's own that way goes through; null if nothing, or if that cannot be told. */
  loginCarrier: 'tunnel' | 'container' | null
  logins: LoginFacts[]
  deployUser: { keys: string[]; inDockerGroup: boolean } | null
  docker: DockerFacts | null
  /** Mark of our table as loaded in the kernel, null if it is not loaded. */
  firewallMarker: string | null
  guards: Record<GuardName, 'none' | 'armed' | 'reverted'>
  /** Kernel settings that can be changed from here. */
  sysctls: Record<string, string>
  /** Modules among those that `setup` switches off which the kernel has loaded. */
  loadedModules: string[]
  /** Programs that the reading itself needs and did not find. */
  missingTools: string[]
}

export type Ports = { tcp: number[]; udp: number[] }

/** What the user may choose; every field has a value once resolved. */
export type SetupSettings = {
  deployUser: string
  /** Lines of `authorized_keys` that will be let in as the deploy user. */
  authorizedKeys: string[]
  docker: 'distribution' | 'docker-ce'
  /** Ports to open besides SSH, 80 and 443; those of earlier set-ups stay open too. */
  openPorts: Ports
  /** Ports to close again, or that may be closed though a login might come in by them. */
  closePorts: Ports
  /** Outside addresses of the other nodes of the swarm. */
  nodeAddresses: string[]
  /** Last number of this server's stable address, 10.210.0.N. */
  nodeNumber: number
  swapMb: number
}

/** The settings of a single server, given the keys that must get in. */
export const setupSettings = (
  given: Pick<SetupSettings, 'authorizedKeys'> & Partial<SetupSettings>,
): SetupSettings => ({
  deployUser: 'deploy',
  docker: 'distribution',
  openPorts: { tcp: [], udp: [] },
  closePorts: { tcp: [], udp: [] },
  nodeAddresses: [],
  nodeNumber: 1,
  swapMb: 2048,
  ...given,
})

/** A second reading of an unchanged server has the same basis: what fluctuates is left out. */
export const basisOf = (facts: Facts): unknown => ({
  ...facts,
  memoryFreeMb: 0,
  disk: { ...facts.disk, freeMb: 0 },
  listeners: facts.listeners.filter((each) => each.protocol === 'tcp'),
  docker: facts.docker && { ...facts.docker, runningContainers: 0 },
})
