import { lookUnits } from '../../alerts/timer.ts'
import type { App } from '../../app/model.ts'
import { unitsOf } from '../../data/settings/timers.ts'
import { fingerprint, keyedFingerprint } from '../../plan/fingerprint.ts'
import type { Release, ReleasedImage, Wanted } from '../model.ts'
import { secretName } from '../names.ts'
import { migrationSpec, serviceHash, serviceSpec } from '../services/spec.ts'

/** Joins the app with the images that were built or resolved for it. */
export const wantedOf = (
  app: App,
  images: Record<string, ReleasedImage>,
  from: { git: Release['git']; by: string; server: string; hashKey: string; backup: boolean },
): Wanted => {
  const secrets = namedSecrets(app, from.hashKey)
  const names = Object.fromEntries(secrets.map(({ secret, name }) => [secret, name]))
  const scope = { project: app.project, hashKey: from.hashKey, secrets: names }
  return {
    project: app.project,
    product: { app: app.name, environment: app.environment },
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
    // Where nothing leads to the app, nobody sees it.
    ...(app.maintenancePage === null || app.routes.length === 0
      ? {}
      : { maintenancePage: app.maintenancePage }),
    migration: app.migrate,
    settings: app.release,
    edge: app.edge,
    git: from.git,
    by: from.by,
  }
}

/**
 * The app for a rehearsal (`--no-routes`). Nobody reaches it, it alerts nobody, and it takes no backups by the clock: what
 * a rehearsal writes into the stores of the real one would be taken for newer data.
 */
export const rehearsed = (app: App): App => ({
  ...app,
  routes: [],
  alerts: null,
  data: app.data && {
    ...app.data,
    datasets: app.data.datasets.map((dataset) => ({ ...dataset, at: [] })),
  },
})

/** A content that changed gives another name, so that only services that mount it are replaced. */
const namedSecrets = ({ project, secrets }: App, hashKey: string) =>
  Object.entries(secrets).map(([secret, data]) => {
    const hash = keyedFingerprint(hashKey, { project, secret, data })
    return { secret, name: secretName(project, secret, hash), data }
  })

/** Two wants with the same fingerprint need no release between them. */
export const wantedHash = (
  wanted: Pick<Wanted, 'services' | 'routes' | 'maintenancePage' | 'migration' | 'edge'>,
) =>
  fingerprint({
    services: wanted.services.map(({ service, hash, replicas, order }) => ({
      service,
      hash,
      replicas,
      order,
    })),
    routes: wanted.routes,
    maintenancePage: wanted.maintenancePage,
    migration: wanted.migration,
    edge: wanted.edge,
  })
