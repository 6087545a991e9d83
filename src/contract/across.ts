import type { ProblemData } from '../problem/problem.ts'
import type { CheckContext } from './check.ts'
import { hostMissing, noService, notServed, ownContainer, wrongPort } from './problems.ts'
import type { Resolved } from './resolve.ts'
import { addressOf, covers, isLoopback } from './types/host.ts'
import { elementsOf } from './types/list.ts'
import { typeNamed } from './types/table.ts'
import { isOn, listOf, type Use } from './types/type.ts'

/** What no value shows alone: lists of hosts against the routes, URLs against the services. */
export const acrossProblems = (all: Resolved[], context: CheckContext): ProblemData[] =>
  all.flatMap(({ variable, use, value, isDefault }) => {
    if (use === null || value === undefined) return []
    const place = (isDefault ? undefined : context.places[variable.name]) ?? variable.place
    const found =
      use.name === 'zarpe_origins' || use.name === 'zarpe_hosts'
        ? hostListProblems(variable.name, use, value, context)
        : urlProblems(variable.name, use, value, context)
    return found.map((make) => make(place))
  })

type Make = (place: ProblemData['place'] & {}) => ProblemData

const hostListProblems = (name: string, use: Use, value: string, context: CheckContext): Make[] => {
  const elements = elementsOf(value, use)
  const served = [...new Set(context.routes.map(({ domain }) => domain))]
  if (typeof elements === 'string' || served.length === 0) return []
  const isOrigins = use.name === 'zarpe_origins'
  const hosts = elements.map((each) => (isOrigins ? hostOf(each) : each.toLowerCase()))
  const also = new Set(listOf(use, 'also').map((each) => each.toLowerCase()))
  // A container may be asked by its own name: by health checks and by other services.
  const inside = isOrigins ? [] : (context.services?.map((each) => each.name.toLowerCase()) ?? null)
  const isRight = (host: string, index: number) =>
    served.some((domain) => covers(host, domain)) ||
    also.has(host) ||
    also.has(elements[index]!.toLowerCase()) ||
    (!isOrigins && (isLoopback(host.replace(/^\[|\]$/g, '')) || !host.includes('.'))
      ? isLoopback(host.replace(/^\[|\]$/g, '')) || inside === null || inside.includes(host)
      : false)
  const unserved = hosts.flatMap((host, index): Make[] =>
    isRight(host, index) ? [] : [(place) => notServed(name, index + 1, served, place)],
  )
  return [...unserved, ...(isOrigins ? [] : lacking(name, hosts, context))]
}

/** Domains whose requests reach a service that would refuse them. */
const lacking = (name: string, hosts: string[], { routes, services }: CheckContext): Make[] => {
  const users = new Set(
    (services ?? []).filter(({ variables }) => variables.includes(name)).map((each) => each.name),
  )
  const missing = new Map(
    routes
      .filter(
        ({ service, domain }) => users.has(service) && !hosts.some((host) => covers(host, domain)),
      )
      .map(({ domain, service }) => [domain, service]),
  )
  return [...missing].map(
    ([domain, service]): Make =>
      (place) =>
        hostMissing(name, domain, service, place),
  )
}

const hostOf = (origin: string): string => {
  const is = addressOf(origin.replace('://*.', '://'))
  if (typeof is === 'string') return origin
  const host = is.hosts[0]?.host ?? origin
  return origin.includes('://*.') ? `*.${host}` : host
}

/** Hosts without a dot are services, or nothing at all. */
const urlProblems = (name: string, use: Use, value: string, { services }: CheckContext): Make[] => {
  const targets = typeNamed(use.name)?.targets?.(value) ?? []
  if (services === null || isOn(use, 'elsewhere')) return []
  const users = services.filter(({ variables }) => variables.includes(name))
  return targets.flatMap(({ host, port }): Make[] => {
    // A web address may lead to another process of the same container; a database is never there.
    if (isLoopback(host))
      return users.length > 0 && use.name !== 'url' ? [(place) => ownContainer(name, place)] : []
    const service = services.find((each) => each.name.toLowerCase() === host)
    if (!service) {
      if (/[.:]/.test(host)) return []
      const names = services.map((each) => each.name)
      return [(place) => noService(name, names, use.name !== 'url', place)]
    }
    const isKnown = port === null || service.ports.length === 0 || service.ports.includes(port)
    return isKnown ? [] : [(place) => wrongPort(name, service.name, service.ports, place)]
  })
}
