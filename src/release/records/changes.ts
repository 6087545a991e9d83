import { fingerprint } from '../../plan/fingerprint.ts'
import type { Release, ReleasedService } from '../model.ts'

/** What a release runs, however many tasks of it: equal for a release and its rollbacks and scalings. */
export const contentOf = ({ services, routes, maintenancePage }: Release): string =>
  fingerprint({
    services: services.map(({ service, hash }) => ({ service, hash })),
    routes,
    maintenancePage,
  })

/** One line for each way in which a release differs from the one before. Never shows a value. */
export const changesBetween = (
  before: Release | null,
  { services, routes, maintenancePage }: Pick<Release, 'services' | 'routes' | 'maintenancePage'>,
): string[] => {
  const lines = services.flatMap((service) => serviceChanges(before, service))
  const gone =
    before?.services.filter((each) => !services.some(({ service }) => service === each.service)) ??
    []
  for (const service of gone) lines.push(`${service.service}: removed`)
  if (before && fingerprint(before.routes) !== fingerprint(routes)) lines.push('routes')
  if (before && before.maintenancePage !== maintenancePage) lines.push('maintenance page')
  return lines
}

const serviceChanges = (before: Release | null, service: ReleasedService): string[] => {
  const old = before?.services.find((each) => each.service === service.service)
  if (!old) return [`${service.service}: new`]
  const what: string[] = []
  if (old.image.digest !== service.image.digest) what.push('image')
  const names = environmentChanges(old, service)
  if (names.length > 0) what.push(`environment (${names.join(', ')})`)
  const files = secretChanges(old, service)
  if (files.length > 0) what.push(`secret (${files.join(', ')})`)
  if (old.replicas !== service.replicas) what.push(`replicas ${old.replicas} → ${service.replicas}`)
  if (what.length === 0 && old.hash !== service.hash) what.push('definition')
  return what.length > 0 ? [`${service.service}: ${what.join(', ')}`] : []
}

const environmentChanges = (old: ReleasedService, service: ReleasedService) => {
  const before = environmentOf(old)
  const after = environmentOf(service)
  const names = new Set([...before.keys(), ...after.keys()])
  names.delete('ZARPE_RELEASE')
  return [...names].filter((name) => before.get(name) !== after.get(name)).toSorted()
}

/** Files that have another content, or are new or gone. */
const secretChanges = (old: ReleasedService, service: ReleasedService) => {
  const before = secretFiles(old)
  const after = secretFiles(service)
  const files = new Set([...before.keys(), ...after.keys()])
  return [...files].filter((file) => before.get(file) !== after.get(file)).toSorted()
}

const secretFiles = (service: ReleasedService) =>
  new Map(
    (service.spec.TaskTemplate.ContainerSpec.Secrets ?? []).map(
      ({ File, SecretName }) => [File.Name, SecretName] as const,
    ),
  )

const environmentOf = (service: ReleasedService) =>
  new Map(
    (service.spec.TaskTemplate.ContainerSpec.Env ?? []).map((line) => {
      const cut = line.indexOf('=')
      return [line.slice(0, cut), line.slice(cut + 1)] as const
    }),
  )
