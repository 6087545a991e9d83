import type { DatasetHealth, Trouble } from '../../data/health/model.ts'
import type { DatasetMigrations } from '../../data/migrations/model.ts'
import type { ObservedCertificate } from '../../edge/model.ts'
import type { Observed } from '../../release/model.ts'

/** What one running container uses. */
export type Usage = { memoryBytes: number; memoryLimitBytes: number | null; cpuPercent: number }

/** The machine at the moment it was asked. */
export type MachineStatus = {
  hostname: string
  engine: string
  bootedAt: string
  memory: { totalBytes: number; freeBytes: number }
  disk: { totalBytes: number; freeBytes: number }
}

/** Everything that `status` is told from. */
export type StatusFacts = {
  observed: Observed
  machine: MachineStatus
  /** By container id. */
  usage: Record<string, Usage>
  /** The images that run, by reference. */
  images: Record<string, { createdAt: string; hasHealthcheck: boolean }>
  /** What has been migrated in the app's databases. */
  migrations: DatasetMigrations[]
  readAt: string
}

export type ServiceReport = {
  service: string
  release: number
  /** `running`: all of it, and no health check says more than that. */
  state: 'healthy' | 'running' | 'degraded' | 'down' | 'missing'
  running: number
  wanted: number
  /** Tasks that ended unasked since the service was last changed. */
  restarts: number
  memoryBytes: number
  cpuPercent: number
  imageAgeDays: number | null
  /** How it differs from what its release says, in words. */
  drift: string[]
}

export type StatusReport = {
  project: string
  release: { number: number; since: string; by: string; revision: string | null } | null
  services: ServiceReport[]
  /** Services of the project that no release accounts for. */
  strays: string[]
  certificates: (ObservedCertificate & { daysLeft: number })[]
  /** Domains of the release for which the edge that runs shows no certificate. */
  uncertified: string[]
  /** Domains for which the edge was too slow to show one: no trouble is known. */
  late: string[]
  edge: 'running' | 'down' | 'unused'
  run: { state: 'under-way' | 'interrupted' | 'failed'; text: string } | null
  /** The last release, if it failed and was taken back: when, and why. */
  failed: { number: number; at: string; by: string; problem: string | null } | null
  backups: DatasetHealth[]
  /** What keeps alerts from reaching somebody. */
  alerts: Trouble[]
  migrations: DatasetMigrations[]
  machine: MachineStatus
  ok: boolean
}
