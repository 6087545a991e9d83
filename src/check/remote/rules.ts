import { elsewhereOf } from '../../app/domains.ts'
import type { RemoteRuleId } from '../ids.ts'
import type { Finding, RuleText } from '../rule.ts'
import type { Remote } from './model.ts'

/** A rule about a server and what leads to it. Its examples are facts, in `rules.test.ts`. */
export type RemoteRule = RuleText & { id: RemoteRuleId; find: (remote: Remote) => Finding[] }

const domainElsewhere: RemoteRule = {
  id: 'domain-elsewhere',
  severity: 'warning',
  title: 'A domain does not lead to the server.',
  why: 'Visitors do not reach the app, and no certificate can be had: the authority asks under that name.',
  fix: [
    'Set its A (and AAAA) record to the server; behind a proxy or CDN, turn this off with the reason.',
  ],
  find: ({ domains, addresses, server }) =>
    domains.flatMap(({ domain, place, addresses: led }) => {
      const found = elsewhereOf(domain, led, { name: server, addresses })
      if (!found) return []
      const { detail, records } = found
      return [{ place, detail, ...(records.length > 0 ? { fix: records } : {}) }]
    }),
}

const authority = 'letsencrypt.org'

const certificateForbidden: RemoteRule = {
  id: 'certificate-forbidden',
  severity: 'error',
  title: 'DNS forbids the certificate of a domain.',
  why: 'A CAA record lists who may issue certificates, and the authority that the edge asks is not among them.',
  fix: [`Add to the domain: CAA 0 issue "${authority}"`],
  find: ({ domains, ownAuthority }) =>
    ownAuthority
      ? []
      : domains
          .filter(
            ({ issuers }) =>
              issuers !== null && !issuers.some((each) => each.startsWith(authority)),
          )
          .map(({ domain, place, issuers }) => ({
            place,
            detail: `${domain} allows ${issuers!.filter(Boolean).join(', ') || 'nobody'}.`,
          })),
}

const portBlocked: RemoteRule = {
  id: 'port-blocked',
  severity: 'warning',
  title: 'A port of the web does not answer from here.',
  why: 'A firewall stands before the server, often the hoster’s own. Visitors need 443, and certificates need 80.',
  fix: ['Open TCP 80 and 443 in the firewall of your hoster’s console.'],
  find: ({ ports, server, place }) =>
    ports
      .filter(({ reach }) => reach === 'silent')
      .map(({ port }) => ({
        place,
        detail: `Port ${port} of ${server} neither answers nor refuses.`,
      })),
}

/** Docker's own listener stands for whatever container publishes the port. */
const ours = new Set(['', 'caddy', 'docker-proxy', 'dockerd'])

const portTaken: RemoteRule = {
  id: 'port-taken',
  severity: 'error',
  title: 'Another program holds a port of the web.',
  why: 'Zarpe’s edge cannot start beside it.',
  fix: ['systemctl disable --now nginx apache2    # whichever it is'],
  find: ({ facts, server, place }) =>
    [
      ...new Set(
        (facts?.listeners ?? [])
          .filter(({ protocol, port }) => protocol === 'tcp' && (port === 80 || port === 443))
          .filter(({ program }) => !ours.has(program))
          .map(({ port, program }) => `${program} holds port ${port} of ${server}.`),
      ),
    ].map((detail) => ({ place, detail })),
}

const diskShareMin = 0.1
const diskFreeMinMb = 3_000

const diskShort: RemoteRule = {
  id: 'disk-short',
  severity: 'warning',
  title: 'The server has little room for new images.',
  why: 'A release is pulled beside those that are kept. On a full disk it fails, and databases stop.',
  fix: [
    'docker system df    # on the server: what takes the room',
    'Or lower release.keep in zarpe.yml.',
  ],
  find: ({ facts, server, place }) => {
    if (!facts) return []
    const { freeMb, totalMb } = facts.disk
    return freeMb < diskFreeMinMb || freeMb < totalMb * diskShareMin
      ? [{ place, detail: `${freeMb} of ${totalMb} MB are free on ${server}.` }]
      : []
  },
}

const memoryShort: RemoteRule = {
  id: 'memory-short',
  severity: 'warning',
  title: 'A release may not fit into the memory of the server.',
  why: 'Its new tasks start beside the old ones. When memory runs out, Linux ends whichever program it likes.',
  fix: [
    'deploy: { update_config: { order: stop-first } }    # in the Compose file, for what may be away for a moment',
    'Or lower the limits, or choose a larger server.',
  ],
  find: ({ app, facts, server, place }) => {
    if (!app || !facts) return []
    const neededMb = Math.round(
      app.services
        .filter(({ order, stateful }) => order === 'start-first' && !stateful)
        .reduce((sum, each) => sum + (each.container.limits.memoryBytes ?? 0) * each.replicas, 0) /
        1024 ** 2,
    )
    return neededMb > facts.memoryFreeMb
      ? [
          {
            place,
            detail: `The new tasks may take ${neededMb} MB by their limits; ${facts.memoryFreeMb} of ${facts.memoryMb} MB are free on ${server}.`,
          },
        ]
      : []
  },
}

// What `npm ci` with a bundler, or `pip install` with a compiler, takes in practice.
const buildMemoryMb = 2_000
const buildDiskMb = 10_000

const buildTooBig: RemoteRule = {
  id: 'build-too-big',
  severity: 'warning',
  title: 'The server is small for building images on it.',
  why: 'A build takes memory, processor and disk from the apps that serve there; one that runs out takes them down with it.',
  fix: [
    'Build on the laptop: remove `build_on: server` from zarpe.yml.',
    'Or choose a larger server.',
  ],
  find: ({ app, facts, server, place }) => {
    const builds = app?.services.some(({ image }) => image.from === 'build') ?? false
    if (!app || !facts || app.buildOn !== 'server' || !builds) return []
    const short = [
      ...(facts.memoryFreeMb < buildMemoryMb ? [`${facts.memoryFreeMb} MB of memory`] : []),
      ...(facts.disk.freeMb < buildDiskMb ? [`${facts.disk.freeMb} MB of disk`] : []),
      ...(facts.cores < 2 ? ['one core'] : []),
    ]
    return short.length > 0
      ? [{ place, detail: `${server} has ${short.join(' and ')} free for a build.` }]
      : []
  },
}

const engineMajorMin = 20
const engineMajorQuick = 25

const engineOld: RemoteRule = {
  id: 'engine-old',
  severity: 'advice',
  title: 'The server’s Docker is old.',
  why: `Before version ${engineMajorQuick} it asks a starting service for its health rarely, so every release takes seconds longer.`,
  fix: [
    'zarpe setup --docker docker-ce    # on a server that has no Docker yet; otherwise upgrade its system',
  ],
  find: ({ facts, server, place }) => {
    const version = facts?.docker?.version ?? ''
    const major = Number.parseInt(version, 10)
    return major >= engineMajorMin && major < engineMajorQuick
      ? [{ place, detail: `${server} has ${version}.` }]
      : []
  },
}

const serverNotReady: RemoteRule = {
  id: 'server-not-ready',
  severity: 'error',
  title: 'The server is not as `zarpe setup` leaves it.',
  why: 'A deploy needs Docker with Swarm on it, and the firewall in front of it.',
  fix: ['zarpe setup'],
  find: ({ facts, server, place }) => {
    if (!facts) return []
    const { docker } = facts
    const wrong = [
      ...(docker === null || docker.version === '' ? ['Docker does not answer'] : []),
      ...(docker &&
      docker.version !== '' &&
      !(docker.swarm.state === 'active' && docker.swarm.isManager)
        ? ['Swarm is not active']
        : []),
      ...(docker && Number.parseInt(docker.version, 10) < engineMajorMin
        ? [`Docker ${docker.version} is older than ${engineMajorMin}.10`]
        : []),
      ...(facts.firewallMarker === null ? ['the firewall is not loaded'] : []),
    ]
    return wrong.length > 0 ? [{ place, detail: `On ${server}: ${wrong.join('; ')}.` }] : []
  },
}

const table: Record<RemoteRuleId, RemoteRule> = {
  'server-not-ready': serverNotReady,
  'port-taken': portTaken,
  'certificate-forbidden': certificateForbidden,
  'domain-elsewhere': domainElsewhere,
  'port-blocked': portBlocked,
  'disk-short': diskShort,
  'memory-short': memoryShort,
  'build-too-big': buildTooBig,
  'engine-old': engineOld,
}

/** The table of rules of `zarpe check --remote`, in the order of `ids.ts`. */
export const remoteRules: RemoteRule[] = Object.values(table)
