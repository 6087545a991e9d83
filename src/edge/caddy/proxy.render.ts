import { upstreamName } from '../model.ts'
import { probeHeader } from './render.ts'

/**
 * Hands a request to a service of an application, found by name in Docker's own DNS.
 *
 * The name is asked for every second: Swarm takes a task out of DNS two seconds before it signals
 * it, so an edge that looks less often sends requests to a container that is stopping (a refresh of
 * 10 s lost 4.6 %). A connect that fails is tried elsewhere for 10 s, whatever the method, because
 * nothing was sent yet: longer than a small server that is out of breath stands still, and than most
 * services that keep data take to be started anew.
 */
export const proxyTo = (project: string, service: string, port: number) => ({
  handler: 'reverse_proxy',
  dynamic_upstreams: {
    source: 'a',
    // The dot at the end keeps the resolver from trying the host's search domains too.
    name: `${upstreamName(project, service)}.`,
    port: String(port),
    refresh: '1s',
    // Without the port Caddy silently never asks this resolver.
    resolver: { addresses: ['udp/127.0.0.11:53'] },
    dial_timeout: '1s',
    versions: { ipv4: true, ipv6: false },
  },
  load_balancing: {
    // Random, not least connections: a dead upstream always has the fewest.
    selection_policy: { policy: 'random' },
    try_duration: '10s',
    try_interval: '100ms',
  },
  transport: {
    protocol: 'http',
    // On a server whose processors are all taken, a connect to its own container was late by more than 1 s.
    dial_timeout: '2s',
    // Shorter than app servers keep idle connections (gunicorn 2 s, Node and uvicorn 5 s): then it
    // is never the app that closes one just as a POST, which can't be repeated, is put on it.
    keep_alive: { idle_timeout: '1500ms', max_idle_conns_per_host: 64 },
  },
  // A load of new routes must not cut the streams of the old; this bounds how long they live on.
  stream_close_delay: '1h',
  stream_timeout: '24h',
  headers: {
    request: {
      // What a client claims about itself must not look like the edge's word.
      set: { 'X-Real-Ip': ['{http.request.remote.host}'] },
      delete: ['Forwarded', 'X-Forwarded-Port', 'X-Forwarded-Server', 'Proxy', probeHeader],
    },
  },
})
