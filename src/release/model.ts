import type { AlertSettings, ObservedAlerts } from '../alerts/model.ts'
import type { App, Migration, ReleaseSettings } from '../app/model.ts'
import type { Labels, ServiceSpec, TaskState } from '../io/engine/types.ts'
import type { EdgeSettings, ObservedEdge, Route } from '../edge/model.ts'
import type { DataSettings, ObservedData } from '../data/model.ts'
import type { ProvisionSeen, ProvisionWanted } from '../data/provision/model.ts'
import type { JournalState } from '../plan/journal.ts'

/** The labels by which Zarpe knows what is its own. The word after the dot is the whole contract. */
export const label = {
  project: 'zarpe.project',
  service: 'zarpe.service',
  release: 'zarpe.release',
  /** Hash of everything that makes two versions of a service differ. */
  hash: 'zarpe.hash',
  role: 'zarpe.role',
} as const

/** What a Swarm service of ours is for. */
export type Role = 'service' | 'stateful' | 'job'

/** One service as a release wants it: enough to create it again on a server that has only this. */
export type ReleasedService = {
  service: string
  /** The Swarm service that runs it; releases that did not change it share the name. */
  swarmService: string
  hash: string
  role: 'service' | 'stateful'
  order: 'start-first' | 'stop-first'
  replicas: number
  after: string[]
  image: ReleasedImage
  spec: ServiceSpec
}

/** What a service's image is, for people (`reference`) and for the engine (`id`). */
export type ReleasedImage = {
  reference: string
  /** Digest of the image's manifest, as a registry knows it. */
  digest: string
  /** Unpacked, as far as the machine that built it knows. */
  sizeBytes?: number
}

/** Whose releases they are: a project's name alone does not tell where the app's ends and the environment's begins. */
export type Product = { app: string; environment: string }

/** The record of a release, kept on the server as `releases/<number>.json`. */
export type Release = {
  project: string
  /** Not there in records of older versions. */
  product?: Product
  number: number
  /** Fingerprint of what is wanted; two releases that want the same have the same. */
  wanted: string
  state: 'starting' | 'current' | 'retired' | 'failed'
  createdAt: string
  finishedAt: string | null
  by: string
  git: { revision: string; dirty: boolean; subject: string } | null
  services: ReleasedService[]
  /** Services that are databases of zarpe.yml: no part of the program. Not there in records of older versions. */
  dataServers?: string[]
  routes: Route[]
  /** HTML for browsers while nothing of it answers; not there for the edge's own. */
  maintenancePage?: string
  edge: EdgeSettings
  migration: { service: string; swarmService: string; outcome: 'none' | 'done' } | null
  /** Backups that were taken and proven before its migration; none in records of older versions. */
  backups?: string[]
  /** It migrated data without a backup before, as it was told to; not there otherwise, nor in records of older versions. */
  withoutBackup?: true
  /** One line for each service that differs from the release before. */
  changes: string[]
  /** The release this one brought back, if it is a rollback. */
  rollbackTo: number | null
  /** The release as of which the data came back with it; not there where the data stayed as it was. */
  dataBackTo?: number
  problem: string | null
}

/** What a deploy wants on a server, before anything is known about that server. */
export type Wanted = {
  project: string
  product: Product
  title: string
  services: WantedService[]
  secrets: WantedSecret[]
  /** What is backed up, and its fingerprint; null for nothing. */
  data: { settings: DataSettings; fingerprint: string } | null
  /** Who is told when something is wrong, and a fingerprint of it; null for nobody. */
  alerts: { settings: AlertSettings; fingerprint: string } | null
  /** What its databases must have; no part of a release, which comes and goes. */
  provision: ProvisionWanted[]
  /** Whether a migration is preceded by a backup. */
  backup: boolean
  routes: Route[]
  maintenancePage?: string
  migration: Migration | null
  settings: ReleaseSettings
  edge: App['edge']
  git: Release['git']
  by: string
}

/** A Swarm secret, named by its content; `data` is base64. */
export type WantedSecret = { name: string; data: string }

export type WantedService = Omit<ReleasedService, 'swarmService' | 'spec'> & {
  /** The Swarm service as a given release would name it. */
  specFor: (release: number) => ServiceSpec
  /** The migration's task from this service's image. */
  jobFor: (migration: Migration, release: number) => ServiceSpec
}

export type ObservedTask = {
  id: string
  state: TaskState
  desired: TaskState
  node: string | null
  container: string | null
  addresses: string[]
  createdAt: string
  since: string
  error: string | null
  exitCode: number | null
}

export type ObservedService = {
  id: string
  name: string
  service: string
  release: number
  hash: string
  role: Role
  replicas: number
  /** Paths of the spec that differ from what the release's record says: changed by hand. */
  drift: string[]
  image: string
  labels: Labels
  tasks: ObservedTask[]
  createdAt: string
  updatedAt: string
}

/** Everything on a server that belongs to one project, read at one moment. */
export type Observed = {
  project: string
  releases: Release[]
  current: number | null
  services: ObservedService[]
  network: { id: string } | null
  /** Names of the project's Swarm secrets. */
  secrets: string[]
  edge: ObservedEdge
  /** Its backups, and what the server was told of its data. */
  data: ObservedData
  /** Who is told when something is wrong, and what was told. */
  alerts: ObservedAlerts
  /** What its databases lack of what was asked about. */
  provision: ProvisionSeen[]
  /** The last run of this project, if it was cut or failed. */
  lastRun: JournalState | null
  /** Who holds the project's lock now; null when it is free or its holder is dead. */
  lock: { by: string; since: string; verb: string } | null
  memoryFreeBytes: number
  diskFreeBytes: number
  /** Digest references asked about, and whether the server has them. */
  images: Record<string, boolean>
}
