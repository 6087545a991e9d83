import { existsSync } from 'node:fs'
import { docker, dockerOk } from './docker.ts'
import { labLabel } from './home.ts'
import { labNetwork, writeResolvConf } from './network.ts'

/** The label that marks a container as a server and holds the kind of image it was made from. */
export const vpsLabel = 'zarpe.lab.vps'

/** The label that names who made a server, if the environment's ZARPE_LAB_OWNER says so. */
export const ownerLabel = 'zarpe.lab.owner'

type Container = {
  name: string
  address: string
  image: string
  tag: string
  ports?: Record<number, number>
}

/** A server's disks besides its root: an engine cannot keep overlay layers on an overlay. */
export const volumesOf = (name: string): string[] => [
  `zarpe-lab-${name}-docker`,
  `zarpe-lab-${name}-containerd`,
]

/** Makes a server's volumes and answers the `docker run` that boots systemd in a container. */
export const runArgv = async (container: Container): Promise<string[]> => {
  const { name, address, image, tag, ports = {} } = container
  const [engineDisk, containerdDisk] = volumesOf(name)
  for (const volume of volumesOf(name)) {
    await dockerOk(['volume', 'create', '--label', `${labLabel}=1`, volume])
  }
  const owner = process.env['ZARPE_LAB_OWNER']
  const argv = [
    ['run', '--detach', '--name', name, '--hostname', name],
    ['--label', `${labLabel}=1`, '--label', `${vpsLabel}=${image}`],
    owner ? ['--label', `${ownerLabel}=${owner}`] : [],
    ['--network', labNetwork, '--ip', address],
    ...Object.entries(ports).map(([from, to]) => ['--publish', `127.0.0.1:${from}:${to}`]),
    ...(await powers(tag)),
    ...life,
    ['--volume', `${engineDisk}:/var/lib/docker`],
    ['--volume', `${containerdDisk}:/var/lib/containerd`],
    ['--volume', `${writeResolvConf()}:/etc/resolv.conf`],
    [tag],
  ]
  return argv.flat()
}

const life = [
  // What systemd understands as "halt"; without it `docker stop` would wait and then kill.
  ['--stop-signal', 'SIGRTMIN+3'],
  // `reboot` inside ends process 1 with an error: the machine comes back, as at a hoster's.
  ['--restart', 'on-failure:3'],
  // What is empty after a boot on a real server. Debian 13's /tmp is memory, and executable.
  ['--tmpfs', '/run', '--tmpfs', '/run/lock', '--tmpfs', '/tmp:exec'],
  // D-Bus left a machine's id here when the image was built, and systemd would take that for its own.
  ['--tmpfs', '/var/lib/dbus'],
]

/**
 * What systemd and an engine inside need. `--privileged` is the simple way; where the kernel
 * withholds a capability from us it fails, and then this list does, as was tried one by one:
 * all capabilities but CAP_SYS_RESOURCE; no seccomp and AppArmor filters (mount, unshare, keyctl);
 * `systempaths=unconfined`, or /proc/sys is read-only and the engine cannot turn forwarding on;
 * all devices, as `--privileged` has. The cgroup namespace is the server's own in both cases:
 * with the machine's hierarchies mounted inside instead, systemd remounts the machine's
 * /sys/fs/cgroup read-only and inner containers leave their groups behind on the machine.
 */
export const powers = async (tag: string): Promise<string[][]> => {
  const namespace = ['--cgroupns', 'private']
  if (await canBePrivileged(tag)) return [['--privileged'], namespace]
  const tunnel = existsSync('/dev/net/tun') ? ['--device', '/dev/net/tun'] : []
  return [
    ['--cap-add', 'ALL', '--cap-drop', 'SYS_RESOURCE'],
    namespace,
    ['--security-opt', 'seccomp=unconfined', '--security-opt', 'apparmor=unconfined'],
    ['--security-opt', 'systempaths=unconfined', '--device-cgroup-rule', 'a *:* rwm'],
    tunnel,
  ]
}

let privileged: Promise<boolean> | undefined

const canBePrivileged = (tag: string): Promise<boolean> =>
  (privileged ??= docker(['run', '--rm', '--privileged', '--entrypoint', 'true', tag]).then(
    (result) => result.code === 0,
  ))
