import { changesBetween } from '../records/changes.ts'
import {
  label,
  type Release,
  type ReleasedService,
  type Wanted,
  type WantedService,
} from '../model.ts'
import { migrationName } from '../names.ts'
import { wantedHash } from './wanted.ts'

/** The record of a release that is about to begin: what it wants, and how that differs from before. */
export const recordOf = (
  wanted: Wanted,
  current: Release | null,
  number: number,
  at: string,
): Release => {
  const services = wanted.services.map((service) => releasedService(service, current, number))
  return {
    project: wanted.project,
    product: wanted.product,
    number,
    wanted: wantedHash(wanted),
    state: 'starting',
    createdAt: at,
    finishedAt: null,
    by: wanted.by,
    git: wanted.git,
    services,
    dataServers: dataServersOf(wanted),
    routes: wanted.routes,
    ...(wanted.maintenancePage === undefined ? {} : { maintenancePage: wanted.maintenancePage }),
    edge: wanted.edge,
    migration: migrationOf(wanted, services, current, number),
    changes: changesBetween(current, { ...wanted, services }),
    rollbackTo: null,
    problem: null,
  }
}

/** What is backed up as a service's data, or given roles and rights. */
const dataServersOf = ({ data, provision }: Wanted): string[] => {
  const backedUp = (data?.settings.datasets ?? []).flatMap((dataset) => {
    if (dataset.kind !== 'postgres') return 'service' in dataset ? [dataset.service] : []
    return dataset.source.from === 'service' ? [dataset.source.service] : []
  })
  return [...new Set([...backedUp, ...provision.map(({ source }) => source.service)])].toSorted()
}

/** A service that did not change keeps the Swarm service of the release that last changed it. */
const releasedService = (
  service: WantedService,
  current: Release | null,
  number: number,
): ReleasedService => {
  const { specFor, jobFor: _unused, ...rest } = service
  const before = current?.services.find((each) => each.service === service.service)
  const unchanged = before && before.hash === service.hash && before.role === service.role
  const spec = specFor(unchanged ? Number(before.spec.Labels[label.release]) : number)
  return { ...rest, swarmService: spec.Name, spec }
}

/** A migration runs when the image it comes from changed, or when there was no release yet. */
const migrationOf = (
  wanted: Wanted,
  services: ReleasedService[],
  current: Release | null,
  number: number,
): Release['migration'] => {
  const name = wanted.migration?.service
  const service = services.find((each) => each.service === name)
  if (!name || !service) return null
  const before = current?.services.find((each) => each.service === name)
  if (before?.hash === service.hash) return null
  return { service: name, swarmService: migrationName(wanted.project, number), outcome: 'none' }
}
