import type { Place } from '../../problem/problem.ts'
import { emptyReading, guardedWhy, prefixOf, type Reading } from '../model.ts'
import { matchesOf } from './rule.ts'

/** The labels of one service, and where each stands. */
export type Labelled = {
  service: string
  labels: Record<string, string>
  /** The port that the service tells of, for a router that names none. */
  port: number | null
  placeOf: (label: string) => Place
}

const guardKinds =
  /^(basicauth|digestauth|forwardauth|ipallowlist|ipwhitelist|ratelimit|inflightreq)$/
const pathKinds = /^(stripprefix|stripprefixregex|replacepath|replacepathregex|addprefix)$/
const quietKinds = /^(compress|redirectscheme|retry|circuitbreaker|buffering|contenttype)$/

/** Reads what Traefik's labels lead where. Middlewares may stand at any service. */
export const readTraefik = (all: Labelled[]): Reading => {
  const reading = emptyReading()
  const kinds = middlewareKinds(all)
  for (const each of all) {
    if (each.labels['traefik.enable'] === 'false') continue
    for (const [label, rule] of Object.entries(each.labels)) {
      const router = /^traefik\.http\.routers\.([^.]+)\.rule$/i.exec(label)?.[1]
      if (router !== undefined || /^traefik\.(\w+\.)?frontend\.rule$/.test(label))
        readRouter(reading, each, { label, rule, router: router ?? null }, kinds)
      else if (/^traefik\.(tcp|udp)\.routers\.[^.]+\.rule$/i.test(label))
        reading.left.push({
          what: `${label}=${rule}`,
          why: 'only HTTP is served',
          place: each.placeOf(label),
        })
      readHeaders(reading, each, label, rule)
    }
  }
  return reading
}

/** The kind of each middleware by its name, of whatever service it is declared at. */
const middlewareKinds = (all: Labelled[]) =>
  new Map(
    all.flatMap(({ labels }) =>
      Object.keys(labels).flatMap((label) => {
        const [, name, kind] = /^traefik\.http\.middlewares\.([^.]+)\.([a-z]+)/i.exec(label) ?? []
        return name && kind ? [[name, kind.toLowerCase()] as const] : []
      }),
    ),
  )

const readRouter = (
  reading: Reading,
  each: Labelled,
  { label, rule, router }: { label: string; rule: string; router: string | null },
  kinds: Map<string, string>,
) => {
  const place = each.placeOf(label)
  const leave = (why: string) => {
    reading.left.push({ what: `${router ? `router ${router}: ` : ''}${rule}`, why, place })
  }
  const of = (name: string) => each.labels[`traefik.http.routers.${router}.${name}`]
  const target = of('service')
  if (target?.includes('@internal')) return leave('it is a page of Traefik itself')
  const used = (of('middlewares') ?? '')
    .split(',')
    .map((name) => name.trim().replace(/@docker$/, ''))
    .filter(Boolean)
  for (const name of used) {
    const kind = kinds.get(name)
    if (kind === undefined) return leave(`its middleware ${name} is not in the Compose files`)
    if (guardKinds.test(kind)) return leave(guardedWhy)
    if (pathKinds.test(kind))
      return leave(`its middleware ${name} changes the path; Zarpe passes paths on as they are`)
    if (!quietKinds.test(kind) && kind !== 'headers')
      reading.left.push({
        what: `middleware ${name} (${kind})`,
        why: 'the edge has nothing of the kind',
        place,
      })
  }
  const matches = matchesOf(rule)
  if ('odd' in matches) return leave(`${matches.odd} is no host and no prefix of a path`)
  const port = portFor(each, target ?? router)
  if (port === null) return leave('no port is told: neither a label nor `expose` or `ports` has it')
  for (const { domain, path } of matches) {
    const prefix = prefixOf(path ?? '/')
    if (prefix === null) return leave(`${path} is no plain prefix`)
    reading.ways.push({ domain, path: prefix, service: each.service, port, place })
  }
}

const portFor = ({ labels, port }: Labelled, service: string | null): number | null => {
  const exact = labels[`traefik.http.services.${service}.loadbalancer.server.port`]
  const any = Object.entries(labels).find(([label]) =>
    /^traefik\.(http\.services\.[^.]+\.loadbalancer\.server\.port|(\w+\.)?port)$/i.test(label),
  )?.[1]
  const number = Number(exact ?? any ?? port ?? Number.NaN)
  return Number.isInteger(number) && number > 0 ? number : null
}

const readHeaders = (reading: Reading, each: Labelled, label: string, value: string) => {
  const [, name] =
    /^traefik\.http\.middlewares\.[^.]+\.headers\.customresponseheaders\.([\w-]+)$/i.exec(label) ??
    []
  if (name) reading.headers.push({ name, value, place: each.placeOf(label) })
}
