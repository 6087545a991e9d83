import type { AlertSettings } from '../../alerts/model.ts'
import { lookUnits } from '../../alerts/timer.ts'
import type { App, Migration, ReleaseSettings } from '../../app/model.ts'
import type { DataSettings } from '../../data/model.ts'
import type { ProvisionWanted } from '../../data/provision/model.ts'
import { unitsOf } from '../../data/settings/timers.ts'
import type { Route } from '../../edge/model.ts'
import type { ServiceSpec } from '../../io/engine/types.ts'
import { fingerprint, keyedFingerprint } from '../../plan/fingerprint.ts'
import type { Release, ReleasedImage, ReleasedService } from '../model.ts'
import { secretName } from '../names.ts'
import { migrationSpec, serviceHash, serviceSpec } from '../services/spec.ts'

/** What a deploy wants on a server, before anything is known about that server. */
export type Wanted = {
  project: string
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
  migration: Migration | null
  settings: ReleaseSettings
  edge: App['edge']
  git: Release['git']
  by: string
}

/** A Swarm secret, named by its content; `data` is base64. */
export type WantedSecret = { name: string; data: string }

export type WantedService = Omit<ReleasedService, 'swarmService' | 'spec'> & {
  graceMs: number
  /** The Swarm service as a given release would name it. */
  specFor: (release: number) => ServiceSpec
  /** The migration's task from this service's image. */
  jobFor: (migration: Migration, release: number) => ServiceSpec
}

/** Joins the app with the images that were built or resolved for it. */
export const wantedOf = (
  app: App,
  images: Record<string, ReleasedImage>,
  from: { git: Release['git']; by: string; server: string; hashKey: string; backup: boolean },
): Wanted => {
  const secrets = secretsOf(app, from.hashKey)
  const names = Object.fromEntries(secrets.map(({ secret, name }) => [secret, name]))
  const scope = { project: app.project, hashKey: from.hashKey, secrets: names }
  return {
    project: app.project,
    title: `${app.name} (${app.environment}) on ${from.server}`,
    services: app.services.map((service) => {
      const image = images[service.name]!
      return {
        service: service.name,
        hash: serviceHash(scope, service, image.reference),
        role: service.stateful ? 'stateful' : 'service',
        order: service.stateful ? 'stop-first' : service.order,
        replicas: service.replicas,
        after: service.after,
        image,
        graceMs: service.container.drainMs || service.container.stopGraceMs,
        specFor: (release) => serviceSpec(scope, service, image.reference, release),
        jobFor: (migration, release) =>
          migrationSpec(scope, service, migration, image.reference, release),
      }
    }),
    secrets: secrets.map(({ name, data }) => ({ name, data })),
    data: app.data
      ? {
          settings: app.data,
          // The timers of another version of Zarpe are not those of this one.
          fingerprint: keyedFingerprint(from.hashKey, [
            app.data,
            app.data.datasets.map((dataset) => unitsOf(app.project, dataset)),
          ]),
        }
      : null,
    alerts: app.alerts
      ? {
          settings: app.alerts,
          fingerprint: keyedFingerprint(from.hashKey, [app.alerts, lookUnits(app.project)]),
        }
      : null,
    provision: app.provision,
    backup: from.backup,
    routes: app.routes,
    migration: app.migrate,
    settings: app.release,
    edge: app.edge,
    git: from.git,
    by: from.by,
  }
}

/** A content that changed gives another name, so that only services that mount it are replaced. */
const secretsOf = ({ project, secrets }: App, hashKey: string) =>
  Object.entries(secrets).map(([secret, data]) => {
    const hash = keyedFingerprint(hashKey, { project, secret, data })
    return { secret, name: secretName(project, secret, hash), data }
  })

/** Two wants with the same fingerprint need no release between them. */
export const wantedHash = (wanted: Pick<Wanted, 'services' | 'routes' | 'migration' | 'edge'>) =>
  fingerprint({
    services: wanted.services.map(({ service, hash, replicas, order }) => ({
      service,
      hash,
      replicas,
      order,
    })),
    routes: wanted.routes,
    migration: wanted.migration,
    edge: wanted.edge,
  })
