import { basename, join, relative } from 'node:path'
import type { ComposeProject, ComposeService } from '../compose/model.ts'
import type { Located } from '../config/places.ts'
import { absolute, namesIn, statOf } from '../io/host/files/durable.ts'
import { readOwnedText } from '../io/host/files/owned.ts'
import { readCaddyfile } from './caddy/ways.ts'
import type { Marked } from './marked.ts'
import { type Around, emptyReading, joined, type ProxyFile, type Reading } from './model.ts'
import { readNginx } from './nginx/ways.ts'
import {
  builtProxy,
  isConfigFile,
  labelled,
  mountedConfigs,
  type ProxyKind,
  proxyKind,
  publicPorts,
} from './proxies.ts'
import { entrancesOf, type Told } from './traefik/entrances.ts'
import { readTraefik } from './traefik/ways.ts'
import { upstreamsOf } from './upstreams.ts'

/** A proxy among the services, and what it does. */
export type Proxy = { service: string; kind: ProxyKind; files: string[]; reading: Reading }

/** A project that is taken over, as far as its proxies are known by it. */
type Project = {
  folder: string
  compose: ComposeProject
  marked: Marked
  known: Around['known']
  files: Located[]
}

const filesMax = 40
const depthMax = 3

/** Finds the proxies of a project and reads what they lead where. */
export const loadProxies = async (project: Project): Promise<Proxy[]> => {
  const { folder, compose, marked, known } = project
  const find = upstreamsOf(compose, known)
  const found: Proxy[] = []
  for (const [name, service] of Object.entries(compose.services)) {
    const proxy = await lookAt(service)
    if (proxy === null || proxy.kind === 'traefik') continue
    const read = await Promise.all(proxy.paths.map((path) => filesAt(folder, path, proxy.kind, 0)))
    const configs = read.flat().slice(0, filesMax)
    // An image of files alone, such as a built frontend, is an app and no proxy.
    if (proxy.kind === 'nginx' && configs.length === 0 && proxy.built) continue
    const around = {
      ...{ service: name, environment: marked[name]?.environment ?? {} },
      ...{ ports: publicPorts(service), find, known },
    }
    const reading =
      proxy.kind === 'caddy'
        ? joined(configs.map((each) => readCaddyfile(each, around)))
        : readNginx(configs, around)
    const own = reading.ways.every((way) => way.service === name)
    if (proxy.kind === 'nginx' && reading.serves && own) continue
    found.push({ service: name, kind: proxy.kind, files: configs.map(({ file }) => file), reading })
  }
  return [...found, ...(await traefiks(project))]
}

/** Traefik reads the labels of the services, whether or not it is one of them. */
const traefiks = async ({ folder, compose, marked, known, files }: Project): Promise<Proxy[]> => {
  const own: [string, Told][] = []
  for (const [name, service] of Object.entries(compose.services)) {
    const proxy = await lookAt(service)
    if (proxy?.kind !== 'traefik') continue
    const read = await Promise.all(proxy.paths.map((path) => filesAt(folder, path, 'traefik', 0)))
    const { command, environment } = service
    const told = { command: command ?? [], environment: environment ?? {}, files: read.flat() }
    own.push([name, { ...told, ports: publicPorts(service) }])
  }
  const entrances = entrancesOf(own.map(([, told]) => told))
  const reading = readTraefik(labelled(marked, files), entrances, known)
  if (own.length === 0 && reading.ways.length + reading.left.length === 0) return []
  const [first, ...more] = own.map(([name]) => name)
  const proxy = { kind: 'traefik' as const, files: [] }
  return [
    { ...proxy, service: first ?? '', reading },
    ...more.map((service) => ({ ...proxy, service, reading: emptyReading() })),
  ]
}

const lookAt = async (service: ComposeService) => {
  if (!service.build) {
    const kind = proxyKind(service.image ?? '')
    return kind && { kind, paths: mountedConfigs(service, kind), built: false }
  }
  const { context, dockerfile = 'Dockerfile', dockerfile_inline: inline } = service.build
  const text = inline ?? (await readOwnedText(join(context, dockerfile)))
  const built = text === null ? null : builtProxy(text)
  if (built === null) return null
  return {
    kind: built.kind,
    paths: [
      ...mountedConfigs(service, built.kind),
      ...built.copied.map((each) => join(context, each)),
    ],
    built: true,
  }
}

const filesAt = async (
  folder: string,
  path: string,
  kind: ProxyKind,
  depth: number,
): Promise<ProxyFile[]> => {
  if (depth > depthMax) return []
  const is = await statOf(path)
  if (is?.isDirectory()) {
    const names = await namesIn(path)
    const below = await Promise.all(
      names.map((name) => filesAt(folder, join(path, name), kind, depth + 1)),
    )
    return below.flat()
  }
  if (!is?.isFile() || is.size > 1_000_000) return []
  if (depth > 0 && !isConfigFile(basename(path), kind)) return []
  const text = await readOwnedText(path)
  return text === null ? [] : [{ file: relative(absolute(folder), path), text }]
}
