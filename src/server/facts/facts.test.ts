import { describe, expect, it } from 'vitest'
import { carrierOf, deviceTo, parseNetwork } from './network.ts'
import { parseSockets } from './sockets.ts'
import { configWithout, connectionIn, parseSshd, sshPortsOf } from './sshd.ts'
import {
  isInGroup,
  loadedOf,
  parseAccounts,
  parseMemory,
  parseOsRelease,
  parsePackages,
  parseUnits,
} from './system.ts'

type Told = { four?: unknown[]; six?: unknown[]; links: unknown[]; isContainer?: boolean }

const networkOf = ({ four = [], six = [], links, isContainer = false }: Told) => {
  const [routes4 = '', routes6 = '', text = ''] = [four, six, links].map((each) =>
    JSON.stringify(each),
  )
  return parseNetwork({ routes4, routes6, links: text }, isContainer)
}

describe('what is read from a server', () => {
  it('knows sockets of both families, with and without a program', () => {
    const text = `
udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:* users:(("systemd-resolve",pid=1,fd=13))
tcp LISTEN 0 128 [::]:22 [::]:* users:(("sshd",pid=80,fd=7),("systemd",pid=1,fd=3))
udp UNCONN 0 0 0.0.0.0:4789 0.0.0.0:*
tcp LISTEN 0 511 *:80 *:* users:(("apache2",pid=5,fd=4))`
    expect(parseSockets(text)).toEqual([
      { protocol: 'udp', address: '127.0.0.53', port: 53, program: 'systemd-resolve' },
      { protocol: 'tcp', address: '::', port: 22, program: 'sshd' },
      { protocol: 'udp', address: '0.0.0.0', port: 4789, program: '' },
      { protocol: 'tcp', address: '*', port: 80, program: 'apache2' },
    ])
  })

  it('counts as outside what has a default route or a public address, but no tunnel', () => {
    const four = [
      { dst: 'default', dev: 'eth0' },
      { dst: '198.51.100.0/24', dev: 'eth0' },
      { dst: '10.0.0.0/16', dev: 'eth1' },
    ]
    const six = [
      { dst: 'default', dev: 'eth0' },
      { dst: '2001:db8::/64', dev: 'eth2' },
    ]
    const address = (ifname: string, local: string) => ({ ifname, addr_info: [{ local }] })
    const links = [
      address('lo', '127.0.0.1'),
      address('eth0', '198.51.100.20'),
      address('eth1', '10.0.0.2'),
      address('eth2', '2001:db8::7'),
      address('tailscale0', '100.101.102.103'),
    ]
    const network = networkOf({ four, six, links })
    expect(network.outsideInterfaces).toEqual(['eth0', 'eth2'])
    expect(network.routes).toContainEqual({ subnet: '10.0.0.0/16', device: 'eth1' })
    expect(network.routes).not.toContainEqual({ subnet: 'default', device: 'eth0' })
  })

  const link = (ifname: string, kind: string | null, local: string | null, master?: string) => ({
    ifname,
    ...(master ? { master } : {}),
    ...(kind ? { linkinfo: { info_kind: kind } } : {}),
    addr_info: local ? [{ local }] : [],
  })

  it('takes no network of containers, of machines or of a tunnel for outside, whatever its addresses', () => {
    const links = [
      link('eth0', null, '198.51.100.20'),
      link('docker0', 'bridge', '2001:db8:1::1'),
      link('veth1', 'veth', '2001:db8:2::1', 'docker0'),
      link('lxdbr0', 'bridge', '2001:db8:3::1'),
      link('vnet0', 'tun', null, 'lxdbr0'),
      link('wg0', 'wireguard', '2001:db8:4::1'),
      link('he6', 'sit', '2001:db8:5::1'),
    ]
    const four = [{ dst: 'default', dev: 'eth0' }]
    expect(networkOf({ four, links }).outsideInterfaces).toEqual(['eth0'])
    // What the default route leads through is the way to the world, whatever it is.
    const six = [{ dst: 'default', dev: 'he6' }]
    expect(networkOf({ four, six, links }).outsideInterfaces).toEqual(['eth0', 'he6'])
  })

  it('takes a bridge over a device, a bond, and the veth of a server that is a container for outside', () => {
    const links = [
      link('eth1', null, null, 'br0'),
      link('br0', 'bridge', '198.51.100.20'),
      link('bond0', 'bond', '198.51.100.21'),
      link('eth2', 'veth', '198.51.100.22'),
      link('docker0', 'bridge', '2001:db8:1::1'),
      link('veth1', 'veth', null, 'docker0'),
    ]
    expect(networkOf({ links }).outsideInterfaces).toEqual(['bond0', 'br0'])
    expect(networkOf({ links, isContainer: true }).outsideInterfaces).toEqual([
      'bond0',
      'br0',
      'eth2',
    ])
  })

  it('knows whether a login comes by a tunnel or a container of the server itself', () => {
    const links = JSON.stringify([
      link('lo', null, '127.0.0.1'),
      link('eth1', null, '10.0.0.2'),
      link('wg0', 'wireguard', '10.8.0.1'),
      link('tun0', 'tun', '10.9.0.1'),
      link('ipsec0', 'xfrm', null),
      link('ppp0', 'ppp', '10.7.0.1'),
      link('br0', 'bridge', '10.6.0.1'),
      link('tap0', 'tun', null, 'br0'),
      link('docker0', 'bridge', '172.17.0.1'),
      link('veth1', 'veth', null, 'docker0'),
      link('br1', 'bridge', '10.5.0.1'),
    ])
    const by = (device: string) => carrierOf(links, device)
    for (const device of ['wg0', 'tun0', 'ipsec0', 'ppp0', 'br0']) expect(by(device)).toBe('tunnel')
    expect(by('docker0')).toBe('container')
    for (const device of ['lo', 'eth1', 'br1', 'gone']) expect(by(device)).toBeNull()
    expect(carrierOf('', 'wg0')).toBeNull()
  })

  it('finds every port on which SSH answers', () => {
    const sshd = parseSshd('port 22\nport 2200\nlistenaddress 0.0.0.0:22\n')
    const heard = [{ protocol: 'tcp' as const, address: '::', port: 2022, program: 'sshd' }]
    const socket = 'Listen=[::]:2322 (Stream)\nActiveState=active\n'
    const own = { client: '198.51.100.9', port: 2422 }
    expect(sshPortsOf(sshd, heard, socket, own)).toEqual([22, 2022, 2200, 2322, 2422])
    expect(sshPortsOf({}, [], '', null)).toEqual([])
  })

  it('knows from where somebody is logged in, and by which interface', () => {
    const value = 'SSH_CONNECTION=10.8.0.5 50000 10.8.0.1 22'
    const connection = { client: '10.8.0.5', port: 22 }
    expect(connectionIn(value)).toEqual(connection)
    expect(connectionIn(`HOME=/root\0${value}\0SUDO_UID=1000\0`)).toEqual(connection)
    expect(connectionIn('HOME=/root\0')).toBeNull()
    const route = '[{"dst":"10.8.0.5","dev":"wg0","prefsrc":"10.8.0.1","flags":[],"uid":0}]'
    expect(deviceTo(route)).toBe('wg0')
    expect(deviceTo('')).toBeNull()
  })

  it('knows the configuration of SSH without the file that stands before the others', () => {
    const config = '# a comment\nInclude /etc/ssh/sshd_config.d/*.conf /etc/more\nPort 22\n'
    const own = '/etc/ssh/sshd_config.d/10-zarpe.conf'
    const names = ['50-cloud.conf', '10-zarpe.conf', '01-first.conf', 'README']
    expect(configWithout(config, own, names)).toBe(
      '# a comment\nInclude /etc/ssh/sshd_config.d/01-first.conf /etc/ssh/sshd_config.d/50-cloud.conf /etc/more\nPort 22\n',
    )
    expect(configWithout('include sshd_config.d/*.conf\nPort 22', own, [])).toBe('\nPort 22')
  })

  it('knows the system, its memory, units, packages and accounts', () => {
    const release =
      'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n'
    expect(parseOsRelease(release)).toEqual({
      id: 'ubuntu',
      version: '24.04',
      codename: 'noble',
      name: 'Ubuntu 24.04.1 LTS',
    })
    expect(
      parseMemory('MemTotal:  2048000 kB\nMemAvailable: 1024000 kB\nSwapTotal: 0 kB\n'),
    ).toEqual({ memoryMb: 2000, memoryFreeMb: 1000, swapMb: 0 })
    const units =
      'Id=docker.service\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\nActiveEnterTimestamp=@1700000000\n\n' +
      'Id=chrony.service\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\n'
    expect(parseUnits(units)).toEqual({
      'docker.service': { active: 'active', enabled: 'enabled', startedAt: 1_700_000_000 },
    })
    expect(parsePackages('ii  sudo\nhi  runc\nrc  exim4\niF  grub-pc\n')).toEqual({
      packages: ['sudo', 'runc'],
      heldPackages: ['runc'],
      brokenPackages: ['grub-pc'],
    })
    const accounts = 'root:x:0:0:root:/root:/bin/bash\nsshd:x:101:1::/run/sshd:/usr/sbin/nologin\n'
    expect(parseAccounts(accounts).map((each) => each.name)).toEqual(['root'])
    const modules = 'usb_storage 86016 0 - Live 0x0\nsctp_diag 16384 0 - Live 0x0\n'
    expect(loadedOf(modules, ['sctp', 'usb-storage'])).toEqual(['usb-storage'])
    expect(isInGroup('docker:x:998:ana,deploy\n', 'docker', 'deploy')).toBe(true)
  })
})
