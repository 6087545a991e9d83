import { guardedWhy } from '../model.ts'
import { listOf } from './entrances.ts'
import type { Labelled } from './ways.ts'

// Who a router lets in is decided by its middlewares. Only those of which it is known that they keep
// nobody out let it become a route.

const pathKinds = /^(stripprefix|stripprefixregex|replacepath|replacepathregex|addprefix)$/
/** What the edge does by itself, or what changes nothing of which service answers. */
const quietKinds =
  /^(compress|redirectscheme|retry|circuitbreaker|buffering|contenttype|headers|grpcweb)$/
/** What is lost without harm to who gets in. */
const harmlessKinds = /^(errors|redirectregex|passtlsclientcert)$/

/** A middleware's kinds: of two that are declared under one name, either may be meant. */
export type Middlewares = Map<string, { kind: string; chained: string[] }[]>

/** Middlewares by their names, of whatever service they are declared at. */
export const middlewaresOf = (all: Labelled[]): Middlewares => {
  const found: Middlewares = new Map()
  for (const { name: label, value } of all.flatMap(({ labels }) => labels)) {
    const [, name, kind, rest] =
      /^traefik\.http\.middlewares\.([^.]+)\.([a-z]+)(.*)$/.exec(label.toLowerCase()) ?? []
    if (name === undefined || kind === undefined) continue
    const chained = kind === 'chain' && rest?.startsWith('.middlewares') ? listOf(value) : []
    // A header that only these names of hosts get past is a list of who may come.
    const isGuard = kind === 'headers' && rest === '.allowedhosts'
    found.set(name, [
      ...(found.get(name) ?? []),
      { kind: isGuard ? 'headers with allowedHosts' : kind, chained },
    ])
  }
  return found
}

/** Why a router with these middlewares becomes no route, or those that are lost if it does. */
export const judgeMiddlewares = (
  names: string[],
  middlewares: Middlewares,
): { why: string } | { lost: string[] } => {
  const lost: string[] = []
  const seen = new Set<string>()
  const why = names.map((each) => judge(each)).find((each) => each !== null)
  return typeof why === 'string' ? { why } : { lost }

  function judge(reference: string): string | null {
    const name = reference.replace(/@(docker|swarm)$/, '')
    if (seen.has(name)) return null
    seen.add(name)
    const kinds = middlewares.get(name)
    if (!kinds) return `its middleware ${name} is not in the Compose files`
    for (const { kind, chained } of kinds) {
      const inner = chained.map(judge).find((each) => each !== null)
      if (typeof inner === 'string') return inner
      if (pathKinds.test(kind))
        return `its middleware ${name} changes the path; Zarpe passes paths on as they are`
      if (harmlessKinds.test(kind)) lost.push(`${name} (${kind})`)
      else if (kind !== 'chain' && !quietKinds.test(kind)) return guardedWhy
    }
    return null
  }
}
