import { arch, cpus, hostname } from 'node:os'
import { namesIn, readText, statOf, within } from '../../io/host/files/durable.ts'
import { diskSpace } from '../../io/host/files/files.ts'
import { inspectDocker } from './docker.inspect.ts'
import { carrierOf, deviceTo, parseNetwork } from './network.ts'
import { parseSockets } from './sockets.ts'
import { configWithout, type Connection, connectionIn, parseSshd, sshPortsOf } from './sshd.ts'
import {
  loadedOf,
  parseMemory,
  parseOsRelease,
  parsePackages,
  parseUnits,
  unitProperties,
} from './system.ts'
import { inspectGuards } from '../guard/guard.inspect.ts'
import { inspectLogins } from './logins.inspect.ts'
import type { Facts } from '../model.ts'
import { comparedFiles, comparedUnits, paths } from '../paths.ts'
import { isInstalled, readFiles, readOutput, readSysctls } from './read.inspect.ts'
import { comparedSysctls } from '../rules/kernel.ts'
import { comparedModules } from '../rules/modules.ts'

/** What `systemd-detect-virt` says of containers; the rest of its answers are virtual machines. */
const containerKinds = new Set([
  'docker',
  'lxc',
  'lxc-libvirt',
  'openvz',
  'podman',
  'systemd-nspawn',
  'rkt',
  'proot',
  'wsl',
  'container-other',
])

/**
 * Reads everything that `setup` decides by, on the server itself and as root. Reads only, and every
 * part has a limit: a program that is missing or silent leaves its fact empty.
 */
export const inspectServer = async (deployUser = 'deploy'): Promise<Facts> => {
  const system = await inspectSystem()
  const [network, ssh, software, files, logins, guards, sysctls, modules] = await Promise.all([
    inspectNetwork(system.isContainer),
    inspectSsh(),
    inspectSoftware(),
    readFiles(comparedFiles),
    inspectLogins(deployUser),
    inspectGuards(),
    readSysctls(comparedSysctls),
    readText('/proc/modules'),
  ])
  const { sshd, sshdWithoutOurs, socketListens, connection, loginDevice, hasSshd } = ssh
  const { hasTools, links, ...reach } = network
  return {
    ...system,
    ...reach,
    ...software,
    ...logins,
    sshd,
    sshdWithoutOurs,
    loginDevice,
    loginCarrier: loginDevice === null ? null : carrierOf(links, loginDevice),
    sshPorts: sshPortsOf(sshd, reach.listeners, socketListens, connection),
    files,
    guards,
    sysctls,
    loadedModules: loadedOf(modules ?? '', comparedModules),
    firewallMarker: await inspectFirewall(),
    missingTools: [
      ...(hasTools ? [] : ['ip and ss (package iproute2)']),
      ...(hasSshd ? [] : ['sshd (package openssh-server)']),
    ],
  }
}

const inspectSystem = async () => {
  const [release, memory, virtualisation, space, filesystem, rebootRequired] = await Promise.all([
    readText('/etc/os-release'),
    readText('/proc/meminfo'),
    readOutput('systemd-detect-virt', []),
    diskSpace('/'),
    readOutput('findmnt', ['--noheadings', '--output', 'FSTYPE', '/']),
    statOf('/run/reboot-required'),
  ])
  // Exits 1 and says "none" on bare metal, which `readOutput` answers with nothing.
  const kind = virtualisation.trim() || 'none'
  return {
    os: parseOsRelease(release ?? ''),
    hostname: hostname(),
    arch: arch(),
    virtualisation: kind,
    isContainer: containerKinds.has(kind),
    hasSystemd: (await statOf('/run/systemd/system')) !== null,
    userId: process.getuid?.() ?? -1,
    cores: cpus().length,
    ...parseMemory(memory ?? ''),
    disk: { ...space, filesystem: filesystem.trim() },
    rebootRequired: rebootRequired !== null,
  }
}

const inspectNetwork = async (isContainer: boolean) => {
  const [routes4, routes6, links, sockets] = await Promise.all([
    readOutput('ip', ['-json', 'route']),
    readOutput('ip', ['-json', '-6', 'route']),
    readOutput('ip', ['-details', '-json', 'address']),
    readOutput('ss', ['-H', '-tulnp']),
  ])
  return {
    ...parseNetwork({ routes4, routes6, links }, isContainer),
    links,
    listeners: parseSockets(sockets),
    hasTools: links !== '' && (await isInstalled('ss', ['-V'])),
  }
}

const inspectSsh = async () => {
  const [settings, socket] = await Promise.all([
    readOutput('/usr/sbin/sshd', ['-T']),
    readOutput('systemctl', ['show', 'ssh.socket', '--property=Listen,ActiveState']),
  ])
  const connection = await inspectConnection()
  return {
    sshd: parseSshd(settings),
    sshdWithoutOurs: parseSshd(await sshdWithoutOurs(settings)),
    socketListens: socket.includes('ActiveState=active') ? socket : '',
    connection,
    loginDevice: connection && (await deviceOf(connection)),
    hasSshd: settings !== '' || (await isInstalled('/usr/sbin/sshd', ['-V'])),
  }
}

/** Of this very process, or of the sudo that started it. */
const inspectConnection = async () => {
  const own = process.env['SSH_CONNECTION']
  const parent = `/proc/${process.ppid}/environ`
  const environ = own ? `SSH_CONNECTION=${own}` : await readText(parent).catch(() => null)
  return connectionIn(environ ?? '')
}

/** An address of one link alone names its interface. */
const deviceOf = async ({ client }: Connection) => {
  const [address = '', zone] = client.split('%')
  return zone ?? deviceTo(await readOutput('ip', ['-json', 'route', 'get', address]))
}

/** What `sshd -T` would say without our file, which stands before the others and hides what they say. */
const sshdWithoutOurs = async (settings: string) => {
  const folder = within(paths.sshd, '..')
  const names = await namesIn(folder)
  if (!names.includes(paths.sshd.slice(folder.length + 1))) return settings
  const config = configWithout((await readText('/etc/ssh/sshd_config')) ?? '', paths.sshd, names)
  // It opens a file by its name, which the end of a pipe of the shell's has, and that of a socket has not.
  return readOutput('sh', ['-c', 'cat | /usr/sbin/sshd -T -f /dev/stdin'], config)
}

const inspectSoftware = async () => {
  const [installed, unitText] = await Promise.all([
    readOutput('dpkg-query', ['-W', '-f', '${db:Status-Abbrev} ${Package}\\n']),
    readOutput('systemctl', [
      'show',
      '--timestamp=unix',
      `--property=${unitProperties}`,
      ...comparedUnits,
    ]),
  ])
  const software = parsePackages(installed)
  const units = parseUnits(unitText)
  return { ...software, units, docker: await inspectDocker(software.packages, units) }
}

const inspectFirewall = async () => {
  const text = await readOutput('nft', ['list', 'table', 'inet', 'zarpe'])
  return /comment "(zarpe [0-9a-f]+)"/.exec(text)?.[1] ?? null
}
