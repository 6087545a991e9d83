import type { ProblemData } from '../../problem/problem.ts'
import { parseDaemonJson } from '../docker/daemon-json.ts'
import type { Facts, Listener, SetupSettings } from '../model.ts'
import { knownOs, knownSystems } from '../docker/os.ts'
import { paths } from '../paths.ts'
import { swarmPool } from '../rules/docker.ts'
import { closedListeners } from '../rules/firewall.ts'
import { stableAddress } from '../rules/stable-address.ts'

const diskFreeMinMb = 3_000
const memoryMinMb = 700
const engineMajorMin = 20

type Check = (facts: Facts, settings: SetupSettings) => ProblemData | null

const system: Check = ({ os }) =>
  knownOs(os)
    ? null
    : {
        code: 'server/os-unsupported',
        summary: 'This operating system is not supported.',
        detail: `The server runs ${os.name || 'an unknown system'}; package names and defaults differ from the ones that were tested.`,
        fix: [`Use one of: ${knownSystems.map((each) => each.name).join(', ')}.`],
      }

const machine: Check = ({ arch, hasSystemd, userId, missingTools }) => {
  const reasons = [
    ...(['x64', 'arm64'].includes(arch) ? [] : [`its processor is ${arch}, not x64 or arm64`]),
    ...(hasSystemd ? [] : ['systemd is not its first process']),
    ...(userId === 0 ? [] : ['the agent does not run as root']),
    ...(missingTools.length > 0 ? [`it lacks ${missingTools.join(', ')}`] : []),
  ]
  return reasons.length === 0
    ? null
    : {
        code: 'server/machine-unsuitable',
        summary: 'This server lacks something that set-up stands on.',
        detail: `Nothing was changed, because ${reasons.join('; ')}.`,
        fix:
          missingTools.length > 0
            ? ['apt-get install --no-install-recommends iproute2 openssh-server']
            : ['Use a virtual or real server with Debian or Ubuntu and a root login.'],
      }
}

const room: Check = ({ disk, memoryMb }) => {
  const reasons = [
    ...(disk.freeMb < diskFreeMinMb
      ? [`${disk.freeMb} MB of disk are free, ${diskFreeMinMb} MB are needed`]
      : []),
    ...(memoryMb < memoryMinMb
      ? [`it has ${memoryMb} MB of memory, ${memoryMinMb} MB are needed`]
      : []),
  ]
  return reasons.length === 0
    ? null
    : {
        code: 'server/too-small',
        summary: 'This server has too little room.',
        detail: `Nothing was changed: ${reasons.join('; ')}.`,
        fix: ['df -h /', 'apt-get clean', 'Choose a larger server.'],
      }
}

const webPorts: Check = ({ listeners }) => {
  const taken = listeners.filter(
    (each) =>
      each.protocol === 'tcp' &&
      (each.port === 80 || each.port === 443) &&
      each.program !== 'docker-proxy',
  )
  const programs = [...new Set(taken.map((each) => each.program || 'a program'))]
  return taken.length === 0
    ? null
    : {
        code: 'server/port-taken',
        summary: 'A web server of the system holds port 80 or 443.',
        detail: `${programs.join(' and ')} listens there, and the edge needs both ports. Nothing was changed.`,
        fix: programs.map((name) => `systemctl disable --now ${name}`),
      }
}

const keys: Check = (_facts, { authorizedKeys }) =>
  authorizedKeys.length > 0
    ? null
    : {
        code: 'server/no-key',
        summary: 'There is no SSH key to let in.',
        detail: 'Set-up switches logins by password off; without a key nobody could get in.',
        fix: ['ssh-keygen -t ed25519', 'zarpe setup --key ~/.ssh/id_ed25519.pub'],
      }

const login: Check = ({ outsideInterfaces, sshPorts, sshd }) => {
  const reasons = [
    ...(outsideInterfaces.length === 0 ? ['no interface has a default route'] : []),
    ...(sshPorts.length === 0 ? ['the port of SSH could not be found'] : []),
    ...(Object.keys(sshd).length === 0 ? ['`sshd -T` does not answer'] : []),
  ]
  return reasons.length === 0
    ? null
    : {
        code: 'server/login-unknown',
        summary: 'Set-up could not see how this server is reached.',
        detail: `A firewall made without that could lock you out: ${reasons.join('; ')}.`,
        fix: ['ip route show default', 'sshd -T'],
      }
}

/** Who never carries a login, and listens to all addresses on many a server. */
const noTunnels = new Set(['avahi-daemon', 'chronyd', 'ntpd', 'rpcbind', 'systemd-resolve'])
const swarmPorts = new Set([4789, 7946])

/**
 * Whether a login that comes in by a tunnel, or by a container, may come by this port. What a container
 * publishes ends in the container, and no tunnel of the server itself begins there.
 */
const mayCarry = ({ protocol, program, port }: Listener, carrier: Facts['loginCarrier']) => {
  if (carrier === 'container') return protocol === 'udp' && program === 'docker-proxy'
  if (protocol === 'tcp') return program === 'openvpn'
  return (
    !noTunnels.has(program) &&
    !['dockerd', 'docker-proxy'].includes(program) &&
    !swarmPorts.has(port)
  )
}

/**
 * A VPN of this very server: the login that proves the firewall comes through the tunnel that is there, and the next one
 * needs a new one. A private network, or the server itself, is no such way.
 */
const tunnel: Check = (facts, settings) => {
  const { loginCarrier, loginDevice, outsideInterfaces, firewallMarker } = facts
  if (loginCarrier === null || loginDevice === null) return null
  if (outsideInterfaces.includes(loginDevice)) return null
  // What our firewall closes already carries no login.
  if (firewallMarker !== null) return null
  const carriers = closedListeners(facts, settings)
    .filter((each) => mayCarry(each, loginCarrier))
    .filter(({ protocol, port }) => !settings.closePorts[protocol].includes(port))
  const ports = [...new Set(carriers.map(({ protocol, port }) => `${port}/${protocol}`))]
  const each = (option: string) => ports.map((port) => `${option} ${port}`).join(' ')
  return ports.length === 0
    ? null
    : {
        code: 'server/tunnel-would-close',
        summary: 'The firewall might close what your login comes in by; nothing was done.',
        detail: [
          `You are logged in by ${loginDevice}, which is none of the outside, and ${ports.join(', ')} would be closed there.`,
          'If that is your VPN, nobody could log in by it again.',
        ].join(' '),
        fix: [
          `zarpe setup ${each('--open')}    # stays open, in later set-ups too`,
          `zarpe setup ${each('--close')}    # no login depends on it`,
        ],
      }
}

const engine: Check = ({ docker, units }) => {
  const isSnap = docker?.origin === 'snap' || units['snap.docker.dockerd.service'] !== undefined
  if (isSnap)
    return {
      code: 'server/engine-unsuitable',
      summary: 'The Docker engine that is installed cannot be used.',
      detail: 'It is the snap package, which cannot reach files outside its own folders.',
      fix: ['snap remove docker', 'zarpe setup'],
    }
  if (!docker?.version || Number.parseInt(docker.version, 10) >= engineMajorMin) return null
  return {
    code: 'server/engine-unsuitable',
    summary: 'The Docker engine that is installed cannot be used.',
    detail: `It is version ${docker.version}; ${engineMajorMin}.10 is the oldest that works.`,
    fix: ['Upgrade the engine, then run `zarpe setup` again.'],
  }
}

const engineFile: Check = ({ files }) =>
  parseDaemonJson(files[paths.daemonJson]?.content ?? '')
    ? null
    : {
        code: 'server/engine-file-invalid',
        summary: "The engine's configuration is not valid JSON.",
        detail: `${paths.daemonJson} cannot be read, so nothing can be merged into it.`,
        fix: [`Correct or remove ${paths.daemonJson}.`],
      }

const swarmState: Check = ({ docker }) => {
  const swarm = docker?.swarm
  if (!swarm || swarm.state === 'inactive') return null
  if (swarm.state === 'active' && swarm.isManager) return null
  const what = swarm.state === 'active' ? 'a worker of another swarm' : `in state "${swarm.state}"`
  return {
    code: 'server/swarm-foreign',
    summary: 'This server belongs to a swarm that it does not manage.',
    detail: `It is ${what}. Releases are made on a manager.`,
    fix: ['Set up the manager of that swarm instead.', 'docker swarm leave'],
  }
}

const subnets: Check = (facts, settings) =>
  stableAddress(facts, settings) && swarmPool(facts)
    ? null
    : {
        code: 'server/subnets-taken',
        summary: 'No free subnet is left for the networks of the containers.',
        detail: 'Routes of this server cover 10.201.0.0/16 to 10.219.0.0/24, which we choose from.',
        fix: ['ip route', 'Remove the routes that are too wide.'],
      }

const checks: Check[] = [
  system,
  machine,
  room,
  keys,
  login,
  tunnel,
  webPorts,
  engine,
  engineFile,
  swarmState,
  subnets,
]

/** All that stands against setting this server up, found before anything is touched. */
export const setupProblems = (facts: Facts, settings: SetupSettings): ProblemData[] =>
  checks.map((check) => check(facts, settings)).filter((each) => each !== null)
