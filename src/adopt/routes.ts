import { isMarked, markedWhy } from './marks.ts'
import type { Header, Left, Way } from './model.ts'

/** What becomes `routes` in zarpe.yml: each with the places that it was read from. */
export type AdoptedRoute = { domain: string; path: string; upstream: string; from: string[] }

const domainForm =
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

const sourceOf = ({ place }: { place: { file: string; line: number } }) =>
  `${place.file}:${place.line}`

/**
 * Joins what proxies say into routes. A proxy that answers under any name gets `placeholder`, which is
 * for the user to replace. Where two of them disagree, the first has the word and the other is told.
 */
export const adoptedRoutes = (
  ways: Way[],
  placeholder: string,
): { routes: AdoptedRoute[]; left: Left[] } => {
  const named = ways.some(({ domain }) => domain !== null)
  const found = new Map<string, AdoptedRoute>()
  const left: Left[] = []
  for (const way of ways) {
    const upstream = `${way.service}:${way.port}`
    // Beside sites with a name, the one without is for strays.
    if (way.domain === null && named) {
      if (!ways.some((other) => other.domain !== null && leadsAlike(way, other)))
        left.push({ what: `any name${way.path} → ${upstream}`, why: straysWhy, place: way.place })
      continue
    }
    const domain = way.domain ?? placeholder
    const what = `${domain}${way.path} → ${upstream}`
    if (!domainForm.test(domain)) {
      left.push({ what, why: 'a route needs a whole domain name', place: way.place })
      continue
    }
    const key = `${domain} ${way.path}`
    const before = found.get(key)
    if (!before) found.set(key, { domain, path: way.path, upstream, from: [sourceOf(way)] })
    else if (before.upstream === upstream)
      before.from = [...new Set([...before.from, sourceOf(way)])]
    else
      left.push({
        what,
        why: `${before.from[0]} leads the same to ${before.upstream}`,
        place: way.place,
      })
  }
  const routes = [...found.values()].toSorted(
    (one, other) => compare(one.domain, other.domain) || compare(one.path, other.path),
  )
  return { routes, left }
}

const straysWhy = 'beside sites with a name it is for all other names; a route needs a domain'

/** `shop.example localhost`: nothing is lost without the second name. */
const leadsAlike = (one: Way, other: Way): boolean =>
  one.path === other.path && one.service === other.service && sourceOf(one) === sourceOf(other)

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)

const headerForm = /^[A-Za-z][A-Za-z0-9-]{0,63}$/
/** Of the connection between two ends, or of what the edge decides. */
const notOurs =
  /^(server|connection|upgrade|alt-svc|transfer-encoding|content-\w+(?<!policy)|x-cache.*|cache-control)$/i

/** Headers of answers that become `edge.headers`; one that has two values is told. */
export const adoptedHeaders = (
  headers: Header[],
): { headers: Record<string, string>; left: Left[] } => {
  const found = new Map<string, Header>()
  const left: Left[] = []
  for (const each of headers) {
    const key = each.name.toLowerCase()
    const before = found.get(key)
    const what = `${each.name}: ${each.value}`
    if (isMarked(what)) left.push({ what, why: markedWhy, place: each.place })
    else if (
      !headerForm.test(each.name) ||
      !/^[\x20-\x7e]{0,4096}$/.test(each.value) ||
      /[${]/.test(each.value)
    )
      left.push({ what, why: 'its value is made up for each request', place: each.place })
    else if (notOurs.test(key))
      left.push({ what, why: 'it is for the app to say', place: each.place })
    else if (before && before.value !== each.value)
      left.push({
        what,
        why: `${sourceOf(before)} has another value; one holds for all routes`,
        place: each.place,
      })
    else found.set(key, each)
  }
  return {
    headers: Object.fromEntries([...found.values()].map(({ name, value }) => [name, value])),
    left,
  }
}
