import type { Place } from '../../problem/problem.ts'
import { unknownWhy } from '../marks.ts'
import { type Around, emptyReading, guardedWhy, prefixOf, type Reading } from '../model.ts'
import { type Entrances, listOf } from './entrances.ts'
import { judgeMiddlewares, type Middlewares, middlewaresOf } from './middlewares.ts'
import { matchesOf } from './rule.ts'

/** The labels of one service, and where each stands; with marks in place of values. */
export type Labelled = {
  service: string
  labels: { name: string; value: string; place: Place }[]
  /** The port that the service tells of, for a router that names none. */
  port: number | null
}

/** Reads what Traefik's labels lead where. Middlewares may stand at any service. */
export const readTraefik = (
  all: Labelled[],
  entrances: Entrances,
  known: Around['known'],
): Reading => {
  const reading = emptyReading()
  const reader = { reading, middlewares: middlewaresOf(all), entrances, known }
  for (const each of all) {
    if (valueOf(each, 'traefik.enable')?.toLowerCase() === 'false') continue
    for (const { name, value, place } of each.labels) {
      const router = /^traefik\.http\.routers\.([^.]+)\.rule$/i.exec(name)?.[1]
      if (router !== undefined || /^traefik\.(\w+\.)?frontend\.rule$/i.test(name))
        readRouter(reader, each, { rule: value, router: router ?? null, place })
      else if (/^traefik\.(tcp|udp)\.routers\.[^.]+\.rule$/i.test(name))
        reading.left.push({ what: `${name}=${value}`, why: 'only HTTP is served', place })
      const header =
        /^traefik\.http\.middlewares\.[^.]+\.headers\.customresponseheaders\.([\w-]+)$/i.exec(name)
      if (header) reading.headers.push({ name: header[1]!, value, place })
    }
  }
  return reading
}

/** Traefik does not mind the case of labels; of two of one name Compose takes the later. */
const valueOf = ({ labels }: Labelled, name: string): string | undefined =>
  labels.findLast((each) => each.name.toLowerCase() === name.toLowerCase())?.value

type Reader = {
  reading: Reading
  middlewares: Middlewares
  entrances: Entrances
  known: Around['known']
}

type Router = { rule: string; router: string | null; place: Place }

const readRouter = (reader: Reader, each: Labelled, { rule, router, place }: Router) => {
  const { reading, known } = reader
  const leave = (why: string) => {
    reading.left.push({ what: `${router ? `router ${router}: ` : ''}${rule}`, why, place })
  }
  const of = (name: string) =>
    valueOf(each, router === null ? '' : `traefik.http.routers.${router}.${name}`)
  const target = of('service')
  if (target?.includes('@internal')) return leave('it is a page of Traefik itself')
  if (!reader.entrances.exposesAll && valueOf(each, 'traefik.enable')?.toLowerCase() !== 'true')
    return leave('Traefik serves only what has traefik.enable=true')
  if (of('tls.options') !== undefined && !/^default(@|$)/.test(of('tls.options')!))
    return leave(guardedWhy)
  if (router === null && hasOldGuard(each)) return leave(guardedWhy)
  const entered = enteredBy(reader.entrances, listOf(of('entrypoints') ?? oldEntrances(each)))
  if ('why' in entered) return leave(entered.why)
  const used = [...entered.middlewares, ...listOf(of('middlewares') ?? '')]
  const judged = judgeMiddlewares(used, reader.middlewares)
  if ('why' in judged) return leave(judged.why)
  for (const lost of judged.lost)
    reading.left.push({
      what: `middleware ${lost}`,
      why: 'the edge has nothing of the kind',
      place,
    })
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

/** Labels of the first version that say who may come. */
const hasOldGuard = ({ labels }: Labelled) =>
  labels.some(({ name }) => /^traefik\.(\w+\.)?frontend\.(auth|whitelist|ratelimit)\b/i.test(name))

const oldEntrances = ({ labels }: Labelled) =>
  labels.find(({ name }) => /^traefik\.(\w+\.)?frontend\.entrypoints$/i.test(name))?.value ?? ''

/** The middlewares of the public entry points that a router has, or why it has none. */
const enteredBy = (
  { points, unread }: Entrances,
  names: string[],
): { middlewares: string[] } | { why: string } => {
  if (unread !== null) return { why: `${unread} may ask who somebody is, and it could not be read` }
  // Where Traefik's own settings are not told, the names say it that everybody uses.
  const isPublic = (name: string) =>
    points.get(name)?.isPublic ?? (points.size === 0 && /^(web|websecure|https?)$/.test(name))
  const all = names.length > 0 ? names : [...points.keys()]
  const open = all.filter(isPublic)
  if (all.length > 0 && open.length === 0)
    return { why: `only ports 80 and 443 are served, and not its entry point ${all.join(', ')}` }
  return { middlewares: open.flatMap((name) => points.get(name)?.middlewares ?? []) }
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
