import { fingerprint } from '../plan/fingerprint.ts'
import type { Observed } from './model.ts'

/**
 * Fingerprint of what a plan depends on. Task states, memory and disk are left out: they change all
 * the time without making a plan wrong.
 */
export const basisOf = (observed: Observed): string =>
  fingerprint({
    releases: observed.releases.map(({ number, state, wanted }) => ({ number, state, wanted })),
    current: observed.current,
    services: observed.services
      .map(({ name, hash, replicas, drift }) => ({ name, hash, replicas, drift }))
      .toSorted((left, right) => left.name.localeCompare(right.name)),
    network: observed.network !== null,
    secrets: observed.secrets,
    data: observed.data.settings,
    alerts: observed.alerts.settings,
    edge: {
      running: observed.edge.running,
      networks: observed.edge.networks.toSorted(),
      apps: observed.edge.apps,
    },
  })
