import { describe, expect, it } from 'vitest'
import { bareDebian13, exampleSettings, handMade } from '../example.model.ts'
import type { Facts, SetupSettings } from '../model.ts'
import { planSetup } from './plan.ts'
import { setupProblems } from './problems.ts'

const codes = (facts: Partial<Facts>, given: Partial<SetupSettings> = {}) =>
  setupProblems({ ...bareDebian13, ...facts }, exampleSettings(given)).map((each) => each.code)

const listener = (program: string) => ({
  listeners: [{ protocol: 'tcp' as const, address: '0.0.0.0', port: 80, program }],
})

const swarm = (state: 'active' | 'locked', isManager: boolean) => ({
  docker: {
    ...handMade.docker!,
    swarm: { ...handMade.docker!.swarm, state, isManager },
  },
})

describe('setupProblems', () => {
  it('has nothing against a bare server', () => expect(codes({})).toEqual([]))

  it.each<[string, Partial<Facts>, Partial<SetupSettings>]>([
    ['server/os-unsupported', { os: { ...bareDebian13.os, version: '11' } }, {}],
    ['server/machine-unsuitable', { userId: 1000 }, {}],
    ['server/machine-unsuitable', { missingTools: ['ip and ss (package iproute2)'] }, {}],
    ['server/too-small', { disk: { ...bareDebian13.disk, freeMb: 900 } }, {}],
    ['server/too-small', { memoryMb: 480 }, {}],
    ['server/no-key', {}, { authorizedKeys: [] }],
    ['server/login-unknown', { outsideInterfaces: [] }, {}],
    ['server/login-unknown', { sshPorts: [] }, {}],
    ['server/port-taken', listener('apache2'), {}],
    ['server/engine-unsuitable', { docker: { ...handMade.docker!, origin: 'snap' } }, {}],
    ['server/engine-unsuitable', { docker: { ...handMade.docker!, version: '19.03.8' } }, {}],
    [
      'server/engine-file-invalid',
      {
        files: {
          '/etc/docker/daemon.json': { content: '{', mode: '0644', owner: 'root', changedAt: 1 },
        },
      },
      {},
    ],
    ['server/swarm-foreign', swarm('active', false), {}],
    ['server/swarm-foreign', swarm('locked', true), {}],
    ['server/subnets-taken', { routes: [{ subnet: '10.0.0.0/8', device: 'wg0' }] }, {}],
  ])('%s', (code, facts, given) => expect(codes(facts, given)).toEqual([code]))

  describe('a login by a VPN of the server itself', () => {
    const udp = (port: number, program = '') => ({
      protocol: 'udp' as const,
      address: '0.0.0.0',
      port,
      program,
    })
    const byTunnel: Partial<Facts> = {
      loginDevice: 'wg0',
      loginCarrier: 'tunnel',
      listeners: [...bareDebian13.listeners, udp(51_820), udp(5353, 'avahi-daemon')],
    }
    const ports = { tcp: [], udp: [51_820] }

    it('is told before the firewall closes it, with both ways on', () => {
      const problems = setupProblems({ ...bareDebian13, ...byTunnel }, exampleSettings())
      expect(problems.map(({ code }) => code)).toEqual(['server/tunnel-would-close'])
      expect(problems[0]!.detail).toContain('wg0')
      expect(problems[0]!.fix).toEqual([
        expect.stringMatching(/^zarpe setup --open 51820\/udp /),
        expect.stringMatching(/^zarpe setup --close 51820\/udp /),
      ])
    })

    it('is none of what stays open, is said not to matter, or is closed already', () => {
      expect(codes(byTunnel, { openPorts: ports })).toEqual([])
      expect(codes(byTunnel, { closePorts: ports })).toEqual([])
      expect(codes({ ...byTunnel, firewallMarker: 'zarpe abc' })).toEqual([])
      expect(codes({ ...byTunnel, loginDevice: 'eth0' })).toEqual([])
      expect(codes({ ...byTunnel, loginDevice: null })).toEqual([])
      expect(codes({ loginDevice: 'eth1' })).toEqual([])
    })

    it('is none over a private network or from the server itself, whoever listens', () => {
      for (const loginDevice of ['eth1', 'lo'])
        expect(codes({ ...byTunnel, loginDevice, loginCarrier: null })).toEqual([])
    })

    it('comes by nothing of Docker', () => {
      const listeners = [
        udp(7946, 'dockerd'),
        udp(7946),
        udp(53, 'docker-proxy'),
        { ...udp(4789), address: '198.51.100.20' },
      ]
      const addresses = [{ device: 'eth0', address: '198.51.100.20' }]
      const given = { ...byTunnel, addresses, listeners: [...bareDebian13.listeners, ...listeners] }
      expect(codes(given)).toEqual([])
    })

    it('may run in a container, and then comes by what that publishes', () => {
      const listeners = [udp(51_820, 'docker-proxy'), udp(161, 'snmpd')]
      const byContainer: Partial<Facts> = {
        loginDevice: 'docker0',
        loginCarrier: 'container',
        listeners: [...bareDebian13.listeners, ...listeners],
      }
      const [problem] = setupProblems({ ...bareDebian13, ...byContainer }, exampleSettings())
      expect(problem?.code).toBe('server/tunnel-would-close')
      expect(problem?.detail).toContain(' 51820/udp would be')
      expect(codes({ ...byContainer, listeners: bareDebian13.listeners })).toEqual([])
    })
  })

  it('does not take the ports of our own edge for taken', () => {
    expect(codes(listener('docker-proxy'))).toEqual([])
  })

  it('collects all that the user can mend, before anything is planned', () => {
    const facts = { ...bareDebian13, ...listener('nginx'), memoryMb: 300 }
    expect(() => planSetup(facts, exampleSettings())).toThrow(/server\/too-small[^]*port-taken/)
  })
})
