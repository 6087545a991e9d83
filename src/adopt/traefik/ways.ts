import type { Place } from '../../problem/problem.ts'
import { unknownWhy } from '../marks.ts'
import { type Around, emptyReading, guardedWhy, prefixOf, type Reading } from '../model.ts'
import { matchesOf } from './rule.ts'

/** The labels of one service, and where each stands; with marks in place of values. */
export type Labelled = {
  service: string
  labels: { name: string; value: string; place: Place }[]
  /** The port that the service tells of, for a router that names none. */
  port: number | null
}

const guardKinds =
  /^(basicauth|digestauth|forwardauth|ipallowlist|ipwhitelist|ratelimit|inflightreq)$/
const pathKinds = /^(stripprefix|stripprefixregex|replacepath|replacepathregex|addprefix)$/
const quietKinds = /^(compress|redirectscheme|retry|circuitbreaker|buffering|contenttype)$/

/** Reads what Traefik's labels lead where. Middlewares may stand at any service. */
export const readTraefik = (all: Labelled[], known: Around['known']): Reading => {
  const reading = emptyReading()
  const kinds = middlewareKinds(all)
  for (const each of all) {
    if (valueOf(each, 'traefik.enable') === 'false') continue
    for (const { name, value, place } of each.labels) {
      const router = /^traefik\.http\.routers\.([^.]+)\.rule$/i.exec(name)?.[1]
      if (router !== undefined || /^traefik\.(\w+\.)?frontend\.rule$/.test(name))
        readRouter({ reading, kinds, known }, each, { rule: value, router: router ?? null, place })
      else if (/^traefik\.(tcp|udp)\.routers\.[^.]+\.rule$/i.test(name))
        reading.left.push({ what: `${name}=${value}`, why: 'only HTTP is served', place })
      const header =
        /^traefik\.http\.middlewares\.[^.]+\.headers\.customresponseheaders\.([\w-]+)$/i.exec(name)
      if (header) reading.headers.push({ name: header[1]!, value, place })
    }
  }
  return reading
}

/** Of two labels of one name Compose takes the later. */
const valueOf = ({ labels }: Labelled, name: string): string | undefined =>
  labels.findLast((each) => each.name === name)?.value

/** The kind of each middleware by its name, of whatever service it is declared at. */
const middlewareKinds = (all: Labelled[]) =>
  new Map(
    all.flatMap(({ labels }) =>
      labels.flatMap((label) => {
        const [, name, kind] =
          /^traefik\.http\.middlewares\.([^.]+)\.([a-z]+)/i.exec(label.name) ?? []
        return name && kind ? [[name, kind.toLowerCase()] as const] : []
      }),
    ),
  )

type Reader = { reading: Reading; kinds: Map<string, string>; known: Around['known'] }

const readRouter = (
  { reading, kinds, known }: Reader,
  each: Labelled,
  { rule, router, place }: { rule: string; router: string | null; place: Place },
) => {
  const leave = (why: string) => {
    reading.left.push({ what: `${router ? `router ${router}: ` : ''}${rule}`, why, place })
  }
  const of = (name: string) => valueOf(each, `traefik.http.routers.${router}.${name}`)
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
  const port = portFor(each, target ?? router, known)
  if (port === null) return leave('no port is told: neither a label nor `expose` or `ports` has it')
  for (const { domain, path } of matches) {
    const prefix = prefixOf(path ?? '/')
    if (prefix === null) return leave(`${path} is no plain prefix`)
    const name = domain === null ? null : known(domain)
    if (name === null && domain !== null) return leave(unknownWhy)
    reading.ways.push({ domain: name, path: prefix, service: each.service, port, place })
  }
}

const portFor = (each: Labelled, service: string | null, known: Around['known']): number | null => {
  const exact = valueOf(each, `traefik.http.services.${service}.loadbalancer.server.port`)
  const any = each.labels.find(({ name }) =>
    /^traefik\.(http\.services\.[^.]+\.loadbalancer\.server\.port|(\w+\.)?port)$/i.test(name),
  )?.value
  const told = exact ?? any
  const number = Number(told === undefined ? (each.port ?? Number.NaN) : known(told))
  return Number.isInteger(number) && number > 0 ? number : null
}
