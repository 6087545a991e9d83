import { fingerprint } from '../plan/fingerprint.ts'

/** One way in: what a browser asks for, and who shall answer. */
export type Route = {
  domain: string
  /** `/`, or a prefix that ends before a slash or at the end, such as `/api/v1`. */
  path: string
  /** The name of the service in the Compose file. */
  service: string
  port: number
  /** What answers get that do not have it already, beside the edge's own; empty text: not that one. */
  headers?: Record<string, string>
}

/** All the ways into one application in one environment; `project` is also its network's name. */
export type EdgeApp = {
  project: string
  routes: Route[]
  /** HTML that browsers get while nothing of it answers, instead of the edge's own. */
  maintenancePage?: string
  /** How certificates of its domains are had. */
  settings: EdgeSettings
}

/** An application as the server's own file has it. */
export type ConfiguredApp = EdgeApp & {
  /** Something else was being set: whether Caddy serves that or this is not known. */
  pending?: true
}

/** How certificates are had. Each application has its own. */
export type EdgeSettings = {
  /** Told to the certificate authority, which warns there before certificates run out. */
  email?: string
  /** URL of another ACME directory than the public default. */
  acmeDirectory?: string
  /** PEM of the root that signs `acmeDirectory`'s own certificate, and those it issues. */
  acmeRoot?: string
}

/** A certificate that the edge holds. */
export type ObservedCertificate = { domain: string; notAfter: string; issuer: string }

/** The edge of a server as it was found. */
export type ObservedEdge = {
  running: boolean
  /** The image reference it was started from; null if there is no container. */
  image: string | null
  /** Names of the networks it is attached to. */
  networks: string[]
  apps: ConfiguredApp[]
  certificates: ObservedCertificate[]
  /** Domains for which it had not answered in time: whether it has their certificates is not known. */
  late: string[]
}

/** Names that other rooms and the docs refer to. */
export const edgeNames = {
  container: 'zarpe-edge',
  image: 'caddy:2',
  dataVolume: 'zarpe-edge-data',
  folder: '/var/lib/zarpe/edge',
} as const

/** Longest part of a name that DNS carries. */
const labelMax = 63

/**
 * The name under which the edge asks for a service: unique on an edge that serves many apps (no
 * project has an underscore). It has no dot on purpose: Docker hands a dotted name that nobody
 * holds on to the server's own DNS, and Caddy holds back every site while it waits for that. With
 * a DNS that did not answer, one app that was down slowed another from 3 ms to 7.7 s.
 */
export const upstreamName = (project: string, service: string): string => {
  const name = `${service}_at_${project}`
  if (name.length <= labelMax) return name
  return `${service.slice(0, 32)}_at_${fingerprint([project, service])}`
}
