import { Problem } from '../problem/problem.ts'

/** Another program already listens where the edge must. */
export const portTaken = (port: number, program: string | null) =>
  new Problem({
    code: 'edge/port-taken',
    summary: 'Another program holds a port that the edge needs.',
    detail: `Port ${port} of the server is taken by ${program ?? 'a program that could not be named'}; the edge answers for all sites on 80 and 443.`,
    fix: program?.includes('"')
      ? [
          `On the server: systemctl disable --now ${/"([^"]+)"/.exec(program)?.[1] ?? program}`,
          'Then run the same command again.',
        ]
      : [`On the server: ss -ltnp 'sport = :${port}'`],
  })

/** Caddy did not come up, or does not answer its admin socket. */
export const notRunning = (detail: string, evidence: string[]) =>
  new Problem({
    code: 'edge/not-running',
    summary: 'The edge is not running.',
    detail,
    fix: ['On the server: docker logs --tail 50 zarpe-edge'],
    evidence,
  })

/** Caddy refused a configuration; the old one goes on. */
export const configRefused = (reason: string) =>
  new Problem({
    code: 'edge/config-refused',
    summary: 'Caddy refused the new routes; the old ones are still in force.',
    detail: `Caddy said: ${reason}`,
    fix: ['Check the routes in zarpe.yml: domain, path and port.'],
  })

/** The rules that lead new connections could not be written. */
export const notSteered = () =>
  new Problem({
    code: 'edge/not-steered',
    summary: 'The edge could not prepare for new routes; the old ones are still in force.',
    detail: '`nft` fails on the server, and without it new connections would be led astray.',
    fix: [
      'On the server: nsenter --target "$(docker inspect -f {{.State.Pid}} zarpe-edge)" --net nft list ruleset',
      'Run the same command again.',
    ],
  })

/** No certificate could be had for a domain. */
export const noCertificate = (domain: string, reason: string | null, evidence: string[]) =>
  new Problem({
    code: 'edge/no-certificate',
    summary: 'There is no certificate for a domain.',
    detail: reason
      ? `${domain}: the certificate authority refused: ${reason}`
      : `${domain}: none was issued in time, and Caddy gives no reason.`,
    fix: certificateFixes(domain, reason ?? ''),
    evidence,
  })

const certificateFixes = (domain: string, reason: string): string[] => {
  if (/rateLimited|429|too many/i.test(reason)) {
    return ['Wait until the limit named above has passed, then deploy again: nothing else helps.']
  }
  if (/dns|NXDOMAIN|no valid A|SERVFAIL/i.test(reason)) {
    return [
      `Point the DNS name at this server, and check: dig +short ${domain}`,
      'Then: zarpe deploy',
    ]
  }
  return [
    `Check that ${domain} leads to this server: dig +short ${domain}`,
    'Check that ports 80 and 443 are open to the world, then: zarpe deploy',
  ]
}

/** The edge answers, but the certificate it shows is not trusted. */
export const certificateUntrusted = (domain: string, text: string) =>
  new Problem({
    code: 'edge/certificate-untrusted',
    summary: 'The certificate of a domain would not be trusted by a browser.',
    detail: `${domain}: ${text}`,
    fix: ['If this is a private certificate authority, name its root in zarpe.yml.'],
  })

/** The edge has the route, but nobody behind it could be reached. */
export const unreachable = (route: string, detail: string, evidence: string[]) =>
  new Problem({
    code: 'edge/upstream-unreachable',
    summary: 'The edge could not reach the service behind a route.',
    detail: `${route}: ${detail}`,
    fix: [
      'Check that the port in zarpe.yml is the one the service listens on, on all addresses (0.0.0.0).',
    ],
    evidence,
  })

/** Somebody answers, but not (or not only) those who should. */
export const wrongAnswer = (route: string, detail: string) =>
  new Problem({
    code: 'edge/wrong-answer',
    summary: 'A route is not answered by the release that should answer.',
    detail: `${route}: ${detail}`,
    fix: ['zarpe status'],
  })

/** Another app of the server answers there already. */
export const routeTaken = (taken: { route: string; holder: string }[]) =>
  new Problem({
    code: 'edge/route-taken',
    summary: 'Another app of this server has a route already.',
    detail: `${taken.map(({ route, holder }) => `${route} leads to ${holder}`).join('; ')}: only one of two apps could answer there.`,
    fix: [
      'Give this app another domain or path: `routes` in zarpe.yml.',
      `Or free it first, where ${[...new Set(taken.map(({ holder }) => holder))].join(', ')} is deployed from: take the route out of its zarpe.yml and deploy it, or zarpe remove.`,
    ],
  })
