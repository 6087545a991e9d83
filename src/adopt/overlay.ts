import { judgeFile } from '../compose/check.ts'
import type { ComposeProject } from '../compose/model.ts'
import type { Located } from '../config/places.ts'

/** What a Compose file that comes after the user's own takes away from them, so that those stay as they are. */
export type Overlay = {
  /** Services that are left out, and why. */
  replaced: { service: string; why: string }[]
  /** Parts that can be taken away without a change: a path and why. */
  gone: { path: string[]; why: string }[]
  /** Parts that cannot be carried and that the user has to decide upon. */
  open: { path: string[]; why: string }[]
}

/** Whether there is anything to write. */
export const isEmpty = ({ replaced, gone, open }: Overlay): boolean =>
  replaced.length + gone.length + open.length === 0

type Definition = {
  links?: unknown
  networks?: unknown
  depends_on?: Record<string, { condition?: string } | null> | unknown[]
}

/** Sorts out what of the files is refused: what goes without a loss, and what only the user can decide. */
export const overlayFor = (
  files: Located[],
  compose: ComposeProject,
  replaced: Overlay['replaced'],
): Overlay => {
  const names = new Set(replaced.map(({ service }) => service))
  const active = (service: string) =>
    Object.hasOwn(compose.services, service) && !names.has(service)
  const overlay: Overlay = { replaced, gone: [], open: [] }
  const foreign = externalNetworks(files)
  const seen = new Set<string>()
  const judge = (file: Record<string, unknown>) =>
    judgeFile(file, (path, fate) => {
      if (fate?.fate !== 'refused' || (path[0] === 'services' && !active(path[1]!))) return
      if (overlay.gone.some((each) => each.path.every((step, index) => path[index] === step)))
        return
      add('open', path, fate.why)
    })
  const add = (to: 'gone' | 'open', path: string[], why: string) => {
    // An item of a list has no name by which it could be taken away.
    const cut = path.findIndex((step) => /^\d+$/.test(step))
    const whole = cut < 0 ? path : path.slice(0, cut)
    if (seen.has(whole.join('\0'))) return
    seen.add(whole.join('\0'))
    overlay[to].push({ path: whole, why })
  }
  for (const file of files) {
    for (const [service, definition] of servicesOf(file)) {
      if (!active(service)) continue
      if (isPlainLinks(definition.links))
        add('gone', ['services', service, 'links'], 'services find each other by name')
      for (const other of dependenciesOn(definition, names))
        add('gone', ['services', service, 'depends_on', other], `${other} is left out`)
      if (networkNames(definition.networks).some((each) => foreign.proxies.has(each)))
        add(
          'gone',
          ['services', service, 'networks'],
          'the edge joins the network of the app by itself',
        )
    }
    for (const network of foreign.proxies)
      if (file.has(['networks', network]))
        add(
          'gone',
          ['networks', network],
          'it was the way to a proxy; the edge joins the network of the app by itself',
        )
    judge((file.value ?? {}) as Record<string, unknown>)
  }
  // And what came by `extends` or `include`.
  judge(compose)
  return overlay
}

const servicesOf = ({ value }: Located): [string, Definition][] => {
  const { services } = (value ?? {}) as { services?: Record<string, Definition | null> | null }
  return Object.entries(services ?? {}).map(([name, each]) => [name, each ?? {}])
}

/** `links: [db]` says nothing that a name does not; `db:database` would. */
const isPlainLinks = (links: unknown): boolean =>
  Array.isArray(links) &&
  links.length > 0 &&
  links.every((each) => /^[\w.-]+(:[\w.-]+)?$/.test(String(each)) && sameName(String(each)))

const sameName = (link: string) => {
  const [name, alias = name] = link.split(':')
  return name === alias
}

/** Only the long form can have one of them taken away; the short one is told by Compose. */
const dependenciesOn = ({ depends_on: all }: Definition, names: Set<string>): string[] =>
  Array.isArray(all) || !all ? [] : Object.keys(all).filter((each) => names.has(each))

const networkNames = (networks: unknown): string[] =>
  Array.isArray(networks) ? networks.map(String) : Object.keys(networks ?? {})

/** Networks of others that only lead to a proxy: those that Traefik's labels name, or that are called so. */
const externalNetworks = (files: Located[]) => {
  const external = new Set(
    files.flatMap(({ value }) => {
      const { networks } = (value ?? {}) as {
        networks?: Record<string, { external?: unknown } | null>
      }
      return Object.entries(networks ?? {}).flatMap(([name, each]) =>
        each?.external ? [name] : [],
      )
    }),
  )
  const text = JSON.stringify(files.map(({ value }) => value))
  const labelled = new Set(
    Array.from(text.matchAll(/traefik\.docker\.network[="':\s]+([\w.-]+)/g), (match) => match[1]!),
  )
  const proxies = new Set(
    [...external].filter(
      (name) => labelled.has(name) || /proxy|traefik|caddy|edge|^web$|ingress/i.test(name),
    ),
  )
  return { proxies }
}
