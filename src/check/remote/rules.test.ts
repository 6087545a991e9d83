import { describe, expect, it } from 'vitest'
import type { App } from '../../app/model.ts'
import { bareDebian13 } from '../../server/example.model.ts'
import type { Facts } from '../../server/model.ts'
import { remoteRuleIds } from '../ids.ts'
import type { Remote } from './model.ts'
import { remoteRules } from './rules.ts'

const place = { file: 'zarpe.yml', line: 2, column: 17 }

const readyFacts: Facts = {
  ...bareDebian13,
  firewallMarker: 'zarpe 1',
  listeners: [{ protocol: 'tcp', address: '0.0.0.0', port: 443, program: 'docker-proxy' }],
  docker: {
    origin: 'docker-ce',
    version: '28.5.1',
    clientPresent: true,
    runningContainers: 1,
    swarm: {
      state: 'active',
      isManager: true,
      address: '10.210.0.1',
      nodes: 1,
      taskHistoryLimit: 3,
      heartbeatSeconds: 60,
    },
  },
}

const domain = (given: Partial<Remote['domains'][number]> = {}): Remote['domains'][number] => ({
  domain: 'shop.example',
  place: { file: 'zarpe.yml', line: 6, column: 15 },
  addresses: ['198.51.100.20', '2001:db8::20'],
  issuers: null,
  ...given,
})

/** A server that is ready, with a domain that leads to it. */
const ready: Remote = {
  environment: 'production',
  server: 'main',
  target: 'deploy@vps.example',
  place,
  addresses: ['198.51.100.20', '2001:db8::20'],
  domains: [domain()],
  ports: [
    { port: 80, reach: 'open' },
    { port: 443, reach: 'refused' },
  ],
  ownAuthority: false,
  facts: readyFacts,
  app: null,
}

const found = (remote: Partial<Remote>) =>
  remoteRules.flatMap((rule) =>
    rule.find({ ...ready, ...remote }).map(({ detail }) => `${rule.id}: ${detail}`),
  )
const withFacts = (facts: Partial<Facts>) => found({ facts: { ...readyFacts, ...facts } })
const withService = (given: object, limitMb: number) => {
  const service = {
    name: 'web',
    order: 'start-first',
    stateful: false,
    replicas: 2,
    image: { from: 'build' },
    container: { limits: { memoryBytes: limitMb * 1024 ** 2 } },
    ...given,
  }
  return found({ app: { services: [service] } as unknown as Remote['app'] })
}

describe('the rules about a server', () => {
  it('are each in the table once, and find nothing wrong with a ready one', () => {
    expect(remoteRules.map(({ id }) => id)).toEqual([...remoteRuleIds])
    expect(found({})).toEqual([])
  })

  it('warn of a build on a server that is small for it', () => {
    const app = (buildOn: 'laptop' | 'server', from: 'build' | 'registry') =>
      ({ buildOn, services: [{ image: { from }, container: { limits: {} } }] }) as unknown as App
    const small = { ...readyFacts, memoryFreeMb: 900 }
    expect(found({ app: app('server', 'build'), facts: small })).toEqual([
      'build-too-big: main has 900 MB of memory free for a build.',
    ])
    expect(found({ app: app('laptop', 'build'), facts: small })).toEqual([])
    expect(found({ app: app('server', 'registry'), facts: small })).toEqual([])
    const large = { ...readyFacts, memoryFreeMb: 6_000 }
    expect(found({ app: app('server', 'build'), facts: large })).toEqual([])
  })

  it('say nothing of a server that cannot be asked but for DNS', () => {
    expect(found({ facts: null, ports: [], domains: [domain({ addresses: [] })] })).toEqual([
      'domain-elsewhere: shop.example has no address in the DNS that this machine asks.',
    ])
  })

  it.each([
    [[], 'has no address'],
    [null, 'DNS did not answer'],
    [['203.0.113.9'], 'leads to 203.0.113.9; main has 198.51.100.20, 2001:db8::20'],
    // An authority prefers IPv6, so one wrong address of two is enough.
    [['198.51.100.20', '2001:db8::99'], 'leads to 2001:db8::99 too'],
  ])('see where %j leads', (addresses, words) => {
    const [told, ...more] = found({ domains: [domain({ addresses })] })
    expect(told).toContain(`domain-elsewhere: `)
    expect(told).toContain(words)
    expect(more).toEqual([])
  })

  it('see a CAA record that forbids the authority, unless the edge asks another one', () => {
    const domains = [domain({ issuers: ['digicert.com'] })]
    expect(found({ domains })).toEqual(['certificate-forbidden: shop.example allows digicert.com.'])
    expect(found({ domains: [domain({ issuers: [''] })] })).toEqual([
      'certificate-forbidden: shop.example allows nobody.',
    ])
    expect(found({ domains, ownAuthority: true })).toEqual([])
    expect(found({ domains: [domain({ issuers: ['x', 'letsencrypt.org; a=b'] })] })).toEqual([])
  })

  it('see a port that is blocked, and one that is taken', () => {
    expect(found({ ports: [{ port: 80, reach: 'silent' }] })).toEqual([
      'port-blocked: Port 80 of main neither answers nor refuses.',
    ])
    const nginx = (address: string, port: number) => ({
      protocol: 'tcp' as const,
      address,
      port,
      program: 'nginx',
    })
    expect(
      withFacts({ listeners: [nginx('0.0.0.0', 80), nginx('::', 80), nginx('0.0.0.0', 8080)] }),
    ).toEqual(['port-taken: nginx holds port 80 of main.'])
  })

  it('see little disk, in MB and as a share', () => {
    const disk = (freeMb: number, totalMb: number) =>
      withFacts({ disk: { freeMb, totalMb, filesystem: 'ext4' } })
    expect(disk(2_999, 10_000)).toHaveLength(1)
    expect(disk(9_000, 100_000)).toEqual(['disk-short: 9000 of 100000 MB are free on main.'])
    expect(disk(10_000, 100_000)).toEqual([])
  })

  it('see a release that does not fit beside the one that serves', () => {
    expect(withService({}, 900)).toEqual([
      'memory-short: The new tasks may take 1800 MB by their limits; 1710 of 1963 MB are free on main.',
    ])
    expect(withService({}, 800)).toEqual([])
    expect(withService({ order: 'stop-first' }, 900)).toEqual([])
    expect(withService({ stateful: true }, 900)).toEqual([])
  })

  it('see an engine that is old, or not there', () => {
    const docker = (version: string) => withFacts({ docker: { ...readyFacts.docker!, version } })
    expect(docker('20.10.24+dfsg1')).toEqual(['engine-old: main has 20.10.24+dfsg1.'])
    expect(docker('19.03.1')).toEqual([
      'server-not-ready: On main: Docker 19.03.1 is older than 20.10.',
    ])
    expect(docker('25.0.0')).toEqual([])
    expect(docker('')).toEqual(['server-not-ready: On main: Docker does not answer.'])
    expect(withFacts({ docker: null, firewallMarker: null })).toEqual([
      'server-not-ready: On main: Docker does not answer; the firewall is not loaded.',
    ])
  })
})
