import type { App, Service } from '../src/app/model.ts'
import type { AnyStep } from '../src/plan/kinds.ts'
import {
  label,
  type Observed,
  type ObservedService,
  type Release,
  type Wanted,
} from '../src/release/model.ts'
import type { ServiceSpec } from '../src/io/engine/types.ts'
import { planDeploy } from '../src/release/deploy/deploy.plan.ts'
import { wantedOf } from '../src/release/deploy/wanted.ts'

// A server in memory: just enough of one to see what a plan's steps would leave behind. It is for
// speed only; the same sequences run on a real engine in test/scenarios.

export const project = 'shop-production'

export const emptyServer = (): Observed => ({
  project,
  releases: [],
  current: null,
  services: [],
  network: null,
  secrets: [],
  edge: { running: false, image: null, networks: [], apps: [], certificates: [], late: [] },
  data: {
    project,
    settings: null,
    configuredAt: null,
    configured: null,
    backups: [],
    asides: [],
    archives: [],
    replaced: [],
    runs: [],
    now: '',
  },
  alerts: {
    settings: null,
    channels: [],
    heartbeat: false,
    ledger: { lookedAt: null, standing: [], unheard: {} },
    now: '',
  },
  provision: [],
  lastRun: null,
  lock: null,
  memoryFreeBytes: 4e9,
  diskFreeBytes: 4e10,
  images: {},
})

/** What a step does to a server when it goes well. Returns a new server. */
export const applyStep = (server: Observed, step: AnyStep): Observed => {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the rest changes nothing that is planned from
  switch (step.kind) {
    case 'image.pull':
      return { ...server, images: { ...server.images, [step.params.reference]: true } }
    case 'image.remove':
      return { ...server, images: { ...server.images, [step.params.reference]: false } }
    case 'network.create':
      return { ...server, network: { id: 'n' } }
    case 'network.remove':
      return { ...server, network: null }
    case 'release.open':
      return { ...server, releases: withRelease(server.releases, step.params.release) }
    case 'project.forget':
      return { ...server, releases: [], current: null }
    case 'release.commit':
      return commit(server, step.params.number)
    case 'release.close':
      return {
        ...server,
        releases: server.releases.map((release) =>
          release.number === step.params.number
            ? { ...release, state: 'failed' as const, problem: step.params.problem }
            : release,
        ),
      }
    case 'release.forget':
      return {
        ...server,
        releases: server.releases.filter((release) => release.number !== step.params.number),
      }
    case 'secret.create':
      return { ...server, secrets: [...server.secrets, step.params.name].toSorted() }
    case 'secret.remove':
      // As the engine does, it stays while a service mounts it.
      return server.services.some((service) => mountedBy(service).includes(step.params.name))
        ? server
        : { ...server, secrets: server.secrets.filter((name) => name !== step.params.name) }
    case 'service.start':
    case 'service.apply':
    case 'job.run':
      for (const name of mountsOf(step.params.spec))
        if (!server.secrets.includes(name)) throw new Error(`${step.target} lacks ${name}`)
      return { ...server, services: withService(server.services, step.params.spec) }
    case 'service.retire':
      return {
        ...server,
        services: server.services.map((service) =>
          service.name === step.params.service ? { ...service, replicas: 0 } : service,
        ),
      }
    case 'service.remove':
      return {
        ...server,
        services: server.services.filter((service) => service.name !== step.params.service),
      }
    case 'edge.start':
      return { ...server, edge: { ...server.edge, running: true, image: step.params.image } }
    case 'edge.attach':
      return edgeWith(server, [...server.edge.networks, step.params.network])
    case 'edge.detach':
      return edgeWith(
        server,
        server.edge.networks.filter((name) => name !== step.params.network),
      )
    case 'edge.configure': {
      const others = server.edge.apps.filter((app) => app.project !== step.params.project)
      const apps = step.params.app ? [...others, step.params.app] : others
      return { ...server, edge: { ...server.edge, apps } }
    }
    default:
      return server
  }
}

/** What is left of a step that was cut where nobody knows what became of it; most are done or not. */
export const cutIn = (step: AnyStep, server: Observed): Observed => {
  if (step.kind !== 'edge.configure') return server
  const { project } = step.params
  const before = server.edge.apps.find((app) => app.project === project) ?? {
    project,
    routes: [],
    settings: {},
  }
  const others = server.edge.apps.filter((app) => app.project !== project)
  const apps = [...others, { ...before, pending: true as const }]
  return { ...server, edge: { ...server.edge, apps } }
}

const edgeWith = (server: Observed, networks: string[]): Observed => ({
  ...server,
  edge: { ...server.edge, networks },
})

const withRelease = (releases: Release[], release: Release) =>
  [...releases.filter((each) => each.number !== release.number), release].toSorted(
    (left, right) => left.number - right.number,
  )

const commit = (server: Observed, number: number): Observed => ({
  ...server,
  current: number,
  releases: server.releases.map((release) => {
    if (release.number === number) return { ...release, state: 'current' as const }
    return release.state === 'current' ? { ...release, state: 'retired' as const } : release
  }),
})

const mountsOf = (spec: ServiceSpec) =>
  (spec.TaskTemplate.ContainerSpec.Secrets ?? []).map(({ SecretName }) => SecretName)

/** The twin remembers in a label what a service's spec mounts. */
const mountLabel = 'twin.secrets'
const mountedBy = (service: ObservedService) =>
  (service.labels[mountLabel] ?? '').split(' ').filter(Boolean)

const withService = (services: ObservedService[], spec: ServiceSpec): ObservedService[] => [
  ...services.filter((service) => service.name !== spec.Name),
  {
    id: spec.Name,
    name: spec.Name,
    service: spec.Labels[label.service]!,
    release: Number(spec.Labels[label.release]),
    hash: spec.Labels[label.hash]!,
    role: spec.Labels[label.role] as ObservedService['role'],
    replicas: 'Replicated' in spec.Mode ? spec.Mode.Replicated.Replicas : 1,
    drift: [],
    image: spec.TaskTemplate.ContainerSpec.Image,
    labels: { ...spec.Labels, [mountLabel]: mountsOf(spec).join(' ') },
    tasks: [],
    createdAt: '',
    updatedAt: '',
  },
]

const contentOf = (version: number) => Buffer.from(`zq-content-${version}`).toString('base64')

/** A service that is built, with nothing special about it. */
export const service = (name: string, over: Partial<Service> = {}): Service => ({
  name,
  image: {
    from: 'build',
    build: {
      context: '.',
      dockerfile: null,
      dockerfileInline: null,
      target: null,
      args: {},
      platform: null,
    },
  },
  stateful: false,
  order: 'start-first',
  replicas: 1,
  after: [],
  container: {
    entrypoint: null,
    command: null,
    environment: {},
    user: null,
    groups: [],
    directory: null,
    hostname: null,
    readOnly: false,
    init: false,
    tty: false,
    stdinOpen: false,
    stopSignal: null,
    stopGraceMs: 10_000,
    drainMs: 0,
    healthcheck: null,
    mounts: [],
    secrets: [],
    hosts: [],
    capabilitiesAdd: [],
    capabilitiesDrop: [],
    sysctls: {},
    ulimits: [],
    labels: {},
    limits: { memoryBytes: null, nanoCpus: null, pids: null },
    reservations: { memoryBytes: null, nanoCpus: null },
    restart: 'any',
    constraints: [],
  },
  ...over,
})

/**
 * A shop of a database, an API, a web page and a scheduler, in a version of each. With a `key`, the
 * database and the API mount a secret in that version.
 */
export const shop = (
  versions: { db: number; api: number; web: number; scheduler: number; key?: number },
  hashKey = 'key of the server',
): Wanted => {
  const digest = (name: string, version: number) => `sha256:${name}${version}`
  const mount = { secret: 'key', target: '/run/secrets/key', uid: '0', gid: '0', mode: 0o400 }
  const { key } = versions
  const secrets = key === undefined ? [] : [mount]
  const contents: App['secrets'] = key === undefined ? {} : { key: contentOf(key) }
  const mounting = { container: { ...service('').container, secrets } }
  const services = [
    service('db', { stateful: true, ...mounting }),
    service('api', { after: ['db'], replicas: 2, ...mounting }),
    service('web', { after: ['api'] }),
    service('scheduler', {
      order: 'stop-first',
      container: { ...service('').container, stopGraceMs: 90_000 },
    }),
  ]
  const images = Object.fromEntries(
    services.map(({ name }) => {
      const is = digest(name, versions[name as Exclude<keyof typeof versions, 'key'>])
      return [name, { reference: `127.0.0.1:5210/${project}/${name}@${is}`, digest: is }]
    }),
  )
  return wantedOf({ ...shopApp(services), secrets: contents }, images, {
    git: null,
    by: 'tester@laptop',
    server: 'main',
    hashKey,
    backup: true,
  })
}

/** The shop as its files say, before any image of it has a digest. */
export const shopApp = (services: Service[]): App => ({
  name: 'shop',
  environment: 'production',
  project,
  servers: [{ name: 'main', target: 'root@vps.example' }],
  services,
  routes: [{ domain: 'shop.example', path: '/', service: 'web', port: 3000 }],
  maintenancePage: null,
  migrate: { service: 'api', command: ['migrate'], limitMs: 60_000 },
  buildOn: 'laptop',
  release: { healthyWithinMs: 60_000, watchMs: 6_000, keep: 3 },
  edge: {},
  secrets: {},
  data: null,
  alerts: null,
  provision: [],
})

/** When all of a test happens. */
export const at = '2026-01-31T12:00:00.000Z'

/** Who asks for a rollback or a scaling, and what zarpe.yml says of releases. */
export const asked = { by: 'tester@laptop', at, title: 'shop', healthyWithinMs: 60_000, keep: 3 }

/** The server after a deploy that went well. */
export const deployed = (wanted: Wanted, server = emptyServer()): Observed =>
  planDeploy(wanted, server, at).steps.reduce(applyStep, server)
