import type { Release, ReleasedService } from '../model.ts'

type Linked = Pick<ReleasedService, 'service' | 'role' | 'after'>

/** The services that `name` needs, and what those need. */
const neededBy = (services: Linked[], name: string, known = new Set<string>()): Set<string> => {
  for (const needed of services.find(({ service }) => service === name)?.after ?? [])
    if (!known.has(needed)) neededBy(services, needed, known.add(needed))
  return known
}

/**
 * Services that keep data and yet belong to the program: the one that migrates, whose new version must not serve before
 * it has, and what needs the program to be there. All others that keep data come first. What the migration itself needs is
 * never late.
 */
export const lateServices = (services: Linked[], program: string | null): Set<string> => {
  const first = program === null ? new Set<string>() : neededBy(services, program)
  const isLate = ({ service, role }: Linked): boolean => role === 'service' || service === program
  const late = services.filter((each) => {
    if (each.role !== 'stateful' || first.has(each.service)) return false
    const needed = neededBy(services, each.service)
    return isLate(each) || services.some((other) => needed.has(other.service) && isLate(other))
  })
  return new Set(late.map(({ service }) => service))
}

/** The service that migrates, in a release or in the last that did. */
export const programOf = (release: Release, releases: Release[]): string | null =>
  release.migration?.service ??
  releases.findLast(({ migration }) => migration !== null)?.migration?.service ??
  null
