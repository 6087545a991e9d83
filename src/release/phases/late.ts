import type { Observed, Release, ReleasedService } from '../model.ts'

type Linked = Pick<ReleasedService, 'service' | 'role' | 'after'>

/** The services that `name` needs, and what those need. */
const neededBy = (services: Linked[], name: string, known = new Set<string>()): Set<string> => {
  for (const needed of services.find(({ service }) => service === name)?.after ?? [])
    if (!known.has(needed)) neededBy(services, needed, known.add(needed))
  return known
}

/**
 * Services that keep data and yet belong to the program: the one that migrates, whose new version must not serve before
 * it has, and what needs the program or another service without data to be there. All others that keep data come first: what
 * the migration itself needs, and the servers of `data`, are never late.
 */
export const lateServices = (
  services: Linked[],
  program: string | null,
  data: string[],
): Set<string> => {
  const first = new Set(data)
  for (const name of [...(program === null ? [] : [program]), ...data])
    neededBy(services, name, first)
  const isLate = ({ service, role }: Linked): boolean => role === 'service' || service === program
  const late = services.filter((each) => {
    if (each.role !== 'stateful' || first.has(each.service)) return false
    const needed = neededBy(services, each.service)
    return isLate(each) || services.some((other) => needed.has(other.service) && isLate(other))
  })
  return new Set(late.map(({ service }) => service))
}

/**
 * The services of a release: those that keep data and come first, and those of the program. Which one migrates is known
 * from it, or from the last release that did.
 */
export const partsOf = (
  release: Release,
  { releases }: Pick<Observed, 'releases'>,
): { first: ReleasedService[]; program: ReleasedService[] } => {
  const migrating = [...releases, release].findLast(({ migration }) => migration !== null)
  const program = release.migration?.service ?? migrating?.migration?.service ?? null
  const late = lateServices(release.services, program, release.dataServers ?? [])
  const isProgram = ({ role, service }: ReleasedService) => role === 'service' || late.has(service)
  return {
    first: release.services.filter((each) => !isProgram(each)),
    program: release.services.filter(isProgram),
  }
}
