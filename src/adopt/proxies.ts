import { parseStages } from '../check/reading/dockerfile.ts'
import type { ComposeService } from '../compose/model.ts'
import type { Located } from '../config/places.ts'
import type { Marked } from './marked.ts'
import type { Labelled } from './traefik/ways.ts'

export type ProxyKind = 'caddy' | 'nginx' | 'traefik' | 'unread'

/** The last part of an image's name, without its tag. */
export const imageName = ({ image = '' }: Pick<ComposeService, 'image'>): string =>
  image.split('@')[0]!.split('/').at(-1)!.split(':')[0]!

/** What kind of proxy an image is; `unread` is one whose configuration Zarpe does not read. */
export const proxyKind = (image: string): ProxyKind | null => {
  const name = imageName({ image })
  if (name.startsWith('caddy')) return 'caddy'
  if (name.startsWith('traefik')) return 'traefik'
  if (/^(nginx|nginx-unprivileged|openresty|tengine)$/.test(name)) return 'nginx'
  return /^(haproxy|envoy|httpd|nginx-proxy|nginx-proxy-manager|acme-companion|letsencrypt-nginx-proxy-companion|certbot|swag)$/.test(
    name,
  )
    ? 'unread'
    : null
}

/** Where a proxy's files are looked for. */
export type Lookup = {
  service: string
  kind: ProxyKind
  /** Files or folders on this machine. */
  paths: string[]
}

const configTargets: Record<ProxyKind, RegExp> = {
  caddy: /^\/etc\/caddy(\/|$)/,
  nginx: /^\/etc\/nginx(\/|$)|^\/usr\/local\/openresty\/nginx\/conf/,
  traefik: /^\/etc\/traefik$|^(\/etc\/traefik)?\/traefik\.(ya?ml|toml)$/,
  unread: /^$/,
}

/** The files of a proxy that Compose mounts into it. */
export const mountedConfigs = (service: ComposeService, kind: ProxyKind): string[] =>
  (service.volumes ?? []).flatMap(({ type, source, target }) =>
    type === 'bind' && source && configTargets[kind].test(target.replace(/\/+$/, ''))
      ? [source]
      : [],
  )

/** The image that the last stage of a Dockerfile starts from, and what is copied to where configuration is read. */
export const builtProxy = (dockerfile: string): { kind: ProxyKind; copied: string[] } | null => {
  const stages = parseStages(dockerfile)
  const final = stages.at(-1)
  const kind = final ? proxyKind(final.from) : null
  if (!final || kind === null) return null
  const copied = final.instructions
    .filter(
      ({ keyword, flags }) =>
        /^(COPY|ADD)$/.test(keyword) && !flags.some(({ name }) => name === 'from'),
    )
    .filter(({ words }) => configTargets[kind].test((words.at(-1) ?? '').replace(/\/+$/, '')))
    .flatMap(({ words }) => words.slice(0, -1))
  return { kind, copied }
}

/** Whether a file of a folder of configuration is one that is read: not a certificate, not a piece of text. */
export const isConfigFile = (name: string, kind: ProxyKind): boolean =>
  kind === 'caddy'
    ? /^Caddyfile|\.caddy(file)?$/.test(name)
    : kind === 'traefik'
      ? /^traefik\.(ya?ml|toml)$/.test(name)
      : /\.(conf|template)$|^default$|^nginx\.conf/.test(name)

/** Ports of a proxy's container that are 80 and 443 for the world, and these themselves. */
export const publicPorts = ({ ports = [] }: ComposeService): number[] => [
  ...[80, 443],
  ...ports
    .filter(({ published }) => published === '80' || published === '443')
    .map(({ target }) => target),
]

/** Services with their labels, those for Swarm included. */
export const labelled = (services: Marked, files: Located[]): Labelled[] =>
  Object.entries(services).map(([service, { labels, port }]) => ({
    service,
    labels: labels.map(({ raw, name, value }) => ({
      name,
      value,
      place: labelPlace(files, service, raw),
    })),
    port,
  }))

const labelPlace = (files: Located[], service: string, label: string) => {
  for (const file of files.toReversed())
    for (const holder of [['labels'], ['deploy', 'labels']]) {
      const path = ['services', service, ...holder]
      if (file.has([...path, label])) return file.placeOf([...path, label], 'key')
      const list = valueAt(file.value, path)
      const index = Array.isArray(list)
        ? list.findIndex((each) => String(each).split('=')[0] === label)
        : -1
      if (index >= 0) return file.placeOf([...path, index])
    }
  return servicePlace(files, service)
}

/** Where a service is declared; where the files begin if it came by `extends` or `include`. */
export const servicePlace = (files: Located[], service: string) => {
  const file = files.findLast((each) => each.has(['services', service])) ?? files[0]!
  return file.placeOf(['services', service], 'key')
}

const valueAt = (value: unknown, path: string[]): unknown =>
  path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null
        ? (part as Record<string, unknown>)[key]
        : undefined,
    value,
  )
