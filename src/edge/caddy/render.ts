import { fingerprint } from '../../plan/fingerprint.ts'
import { type EdgeApp, edgeNames, type Route } from '../model.ts'
import { marksPage, whileAway } from './away.render.ts'
import { headersUnlessSent } from './headers.render.ts'
import { proxyTo } from './proxy.render.ts'
import { tlsOf } from './tls.render.ts'

/** Header of a question asked by Zarpe itself; its value is a secret of the server. */
export const probeHeader = 'x-zarpe-probe'
/** Header of the answer: address and port of the container that answered. */
export const upstreamHeader = 'x-zarpe-upstream'

/**
 * Each load belongs to the other generation than the one before. A generation has its own spelling
 * of the public address (to the kernel they are one) and its own private ports: so Caddy takes the
 * old listeners for such as go away, which arms `shutdown_delay`, and new connections can be led to
 * the new listeners alone. `apply.run.ts` says why and with what effect.
 */
export const publicHosts = { odd: '', even: '[::]' } as const
export type Generation = keyof typeof publicHosts

export const privatePorts = {
  odd: { http: 8080, https: 8443 },
  even: { http: 9080, https: 9443 },
} as const satisfies Record<Generation, { http: number; https: number }>

/** Paths inside the folder that the edge's container sees under the same name. */
export const edgePaths = (folder: string) => ({
  boot: `${folder}/caddy.json`,
  /** Where former versions kept one set of settings for all apps. */
  settings: `${folder}/settings.json`,
  apps: `${folder}/apps`,
  admin: `${folder}/admin.sock`,
  token: `${folder}/probe-token`,
  /** Named by its content: a root that was refused must not replace the one in force. */
  acmeRoot: (pem: string) => `${folder}/acme-root-${fingerprint(pem)}.pem`,
})

export type RenderInput = {
  apps: EdgeApp[]
  probeToken: string
  generation: Generation
  folder?: string
}

/**
 * How long connections are asked to leave before the old listeners close. There is no
 * `grace_period` beside it: a load does not wait for one but ends it at once, which cuts HTTP/3
 * requests under way. When Caddy itself is stopped, Docker's stop timeout is the bound.
 */
const leaveWithinText = '4s'
/** The whole configuration of the edge. The same input gives the same JSON, byte for byte. */
export const renderCaddy = (input: RenderInput) => {
  const domains = groupByDomain(input.apps)
  const paths = edgePaths(input.folder ?? edgeNames.folder)
  const names = domains.map((each) => each.domain)
  return {
    admin: { listen: `unix/${paths.admin}`, config: { persist: false } },
    logging: { logs: { default: { level: 'INFO', encoder: { format: 'json' } } } },
    apps: {
      http: {
        shutdown_delay: leaveWithinText,
        servers: servers(domains, input),
      },
      ...(names.length > 0 ? { tls: tlsOf(input.apps, names, paths.acmeRoot) } : {}),
    },
  }
}

type AppRoute = Route & { app: EdgeApp }
type DomainRoutes = { domain: string; routes: AppRoute[] }

/** All routes by domain; in a domain the longest path first, so that it wins. */
const groupByDomain = (apps: EdgeApp[]): DomainRoutes[] => {
  const all = apps.flatMap((app) => app.routes.map((route) => ({ ...route, app })))
  const names = [...new Set(all.map((each) => each.domain))].toSorted()
  return names.map((domain) => ({
    domain,
    routes: all
      .filter((each) => each.domain === domain)
      .toSorted((left, right) => right.path.length - left.path.length || compare(left, right)),
  }))
}

const compare = (left: AppRoute, right: AppRoute) => {
  const text = (each: AppRoute) => `${each.path} ${each.app.project} ${each.service}`
  return text(left) < text(right) ? -1 : 1
}

const servers = (domains: DomainRoutes[], { apps, generation, probeToken }: RenderInput) => {
  const host = publicHosts[generation]
  const ports = privatePorts[generation]
  const names = domains.map((each) => each.domain)
  const routes = [leaveWhenTold, probe(probeToken), ...domains.map(domainRoute), nothingHere]
  const errors = { routes: [leaveWhenTold, ...whileAway(apps)] }
  const common = {
    tls_connection_policies: [{}],
    automatic_https: { disable_redirects: true },
    errors,
  }
  return {
    http: {
      listen: [`${host}:80`, `:${ports.http}`],
      protocols: ['h1'],
      automatic_https: { disable: true },
      routes: [leaveWhenTold, ...(names.length > 0 ? [toHttps(names)] : []), nothingHere],
    },
    https: {
      listen: [`${host}:443`, `:${ports.https}`],
      protocols: ['h1', 'h2'],
      // Otherwise Go ends the reading of a request's body when the answer begins, and cuts about
      // one in 1,500 POSTs of 16 kB whose app answers at once (seen without any load of routes).
      enable_full_duplex: true,
      ...common,
      routes,
    },
    // QUIC keeps its one socket through every load, so its address never changes spelling. It is
    // not advertised (`Alt-Svc`): a load ended 4 of 1,300 requests on kept HTTP/3 connections in 6
    // loads, and none over HTTP/2, so browsers are better off there.
    http3: { listen: ['0.0.0.0:443'], protocols: ['h3'], ...common, routes },
  }
}

/** Asks each client to open its next request elsewhere while old listeners are about to close. */
const leaveWhenTold = {
  match: [{ vars: { '{http.shutting_down}': ['true'] }, not: [{ header: { Upgrade: ['*'] } }] }],
  handle: [{ handler: 'headers', response: { deferred: true, set: { Connection: ['close'] } } }],
}

const probe = (token: string) => ({
  match: [{ header: { [probeHeader]: [token] } }],
  handle: [
    {
      handler: 'headers',
      response: {
        deferred: true,
        set: { [upstreamHeader]: ['{http.reverse_proxy.upstream.hostport}'] },
      },
    },
  ],
})

const nothingHere = {
  handle: [
    {
      handler: 'static_response',
      status_code: 404,
      headers: { 'Content-Type': ['text/plain; charset=utf-8'] },
      body: 'There is no site of this name here.\n',
    },
  ],
}

const toHttps = (names: string[]) => ({
  match: [{ host: names }],
  handle: [
    {
      handler: 'static_response',
      status_code: 308,
      headers: { Location: ['https://{http.request.host}{http.request.uri}'] },
    },
  ],
  terminal: true,
})

/** Content that shrinks when packed. Event streams are left out: they must not wait for more. */
const packedTypes = [
  'text/html*',
  'text/css*',
  'text/plain*',
  'text/csv*',
  'text/xml*',
  'text/javascript*',
  'application/javascript*',
  'application/json*',
  'application/ld+json*',
  'application/manifest+json*',
  'application/xml*',
  'application/rss+xml*',
  'application/wasm*',
  'image/svg+xml*',
  'font/ttf*',
]

const domainRoute = (group: DomainRoutes) => ({
  match: [{ host: [group.domain] }],
  handle: [
    {
      handler: 'subroute',
      routes: [
        {
          handle: [
            {
              handler: 'encode',
              encodings: { gzip: {}, zstd: {} },
              prefer: ['zstd', 'gzip'],
              minimum_length: 512,
              match: { headers: { 'Content-Type': packedTypes } },
            },
          ],
        },
        ...group.routes.map((route) => ({
          ...(route.path === '/' ? {} : { match: [{ path: [route.path, `${route.path}/*`] }] }),
          handle: [
            ...marksPage(route.app),
            ...headersUnlessSent(route.headers),
            proxyTo(route.app.project, route.service, route.port),
          ],
          terminal: true,
        })),
        nothingHere,
      ],
    },
  ],
  terminal: true,
})
