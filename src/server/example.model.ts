import { type Facts, noSwarm, type SetupSettings, setupSettings } from './model.ts'

// Servers as hosters hand them over, written by hand for tests.

const sshd = { port: '22', permitrootlogin: 'yes', passwordauthentication: 'yes' }
const docker0 = { device: 'docker0', address: '172.17.0.1' }
export const exampleKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample ana@laptop'

/** What a user of one server asks for. */
export const exampleSettings = (given: Partial<SetupSettings> = {}): SetupSettings =>
  setupSettings({ authorizedKeys: [exampleKey], ...given })

/** A small virtual machine with Debian 13 and nothing on it. */
export const bareDebian13: Facts = {
  os: { id: 'debian', version: '13', codename: 'trixie', name: 'Debian GNU/Linux 13 (trixie)' },
  hostname: 'vps',
  arch: 'x64',
  virtualisation: 'kvm',
  isContainer: false,
  hasSystemd: true,
  userId: 0,
  cores: 2,
  memoryMb: 1963,
  memoryFreeMb: 1710,
  swapMb: 0,
  disk: { totalMb: 39_000, freeMb: 36_500, filesystem: 'ext4' },
  rebootRequired: false,
  brokenPackages: [],
  packages: ['ca-certificates', 'iproute2', 'openssh-server', 'procps', 'systemd-timesyncd'],
  heldPackages: [],
  units: {
    'systemd-timesyncd.service': { active: 'active', enabled: 'enabled', startedAt: 100 },
    'systemd-journald.service': { active: 'active', enabled: 'static', startedAt: 100 },
    'systemd-journal-flush.service': { active: 'active', enabled: 'static', startedAt: 100 },
    'apt-daily-upgrade.timer': { active: 'active', enabled: 'enabled', startedAt: 100 },
  },
  files: {},
  listeners: [
    { protocol: 'tcp', address: '0.0.0.0', port: 22, program: 'sshd' },
    { protocol: 'tcp', address: '::', port: 22, program: 'sshd' },
    { protocol: 'udp', address: '127.0.0.1', port: 323, program: 'chronyd' },
  ],
  routes: [{ subnet: '198.51.100.0/24', device: 'eth0' }],
  outsideInterfaces: ['eth0'],
  addresses: [
    { device: 'lo', address: '127.0.0.1' },
    { device: 'eth0', address: '198.51.100.20' },
    { device: 'eth0', address: '2001:db8::20' },
  ],
  sshd,
  sshdWithoutOurs: sshd,
  sshPorts: [22],
  loginDevice: 'eth0',
  loginCarrier: null,
  logins: [{ name: 'root', uid: 0, keyCount: 1 }],
  deployUser: null,
  docker: null,
  firewallMarker: null,
  guards: { sshd: 'none', firewall: 'none' },
  sysctls: {
    'net.ipv4.conf.all.accept_redirects': '1',
    'net.ipv4.conf.default.accept_redirects': '1',
    'net.ipv4.conf.all.send_redirects': '1',
    'net.ipv4.conf.default.send_redirects': '1',
    'net.ipv4.conf.all.accept_source_route': '0',
    'net.ipv4.conf.default.accept_source_route': '1',
    'net.ipv6.conf.all.accept_redirects': '1',
    'net.ipv6.conf.default.accept_redirects': '1',
    'kernel.kptr_restrict': '0',
    'kernel.dmesg_restrict': '1',
    'kernel.unprivileged_bpf_disabled': '2',
    'kernel.yama.ptrace_scope': '0',
    'dev.tty.ldisc_autoload': '1',
    'fs.protected_hardlinks': '1',
    'fs.protected_regular': '2',
    'fs.protected_symlinks': '1',
  },
  loadedModules: [],
  missingTools: [],
}

/** A larger one with Debian 12, SSH on a port of its own and a database that listens to the world. */
export const bareDebian12: Facts = {
  ...bareDebian13,
  os: { id: 'debian', version: '12', codename: 'bookworm', name: 'Debian GNU/Linux 12 (bookworm)' },
  memoryMb: 7900,
  sshd: { ...bareDebian13.sshd, port: '2222' },
  sshPorts: [2222],
  listeners: [
    { protocol: 'tcp', address: '0.0.0.0', port: 2222, program: 'sshd' },
    { protocol: 'tcp', address: '0.0.0.0', port: 5432, program: 'postgres' },
    { protocol: 'tcp', address: '127.0.0.1', port: 25, program: 'exim4' },
  ],
}

/** A cloud's Ubuntu: a login with sudo, SSH held by systemd, and routes of a private network. */
export const bareUbuntu2404: Facts = {
  ...bareDebian13,
  os: { id: 'ubuntu', version: '24.04', codename: 'noble', name: 'Ubuntu 24.04.1 LTS' },
  arch: 'arm64',
  packages: [...bareDebian13.packages, 'sudo', 'unattended-upgrades', 'gnupg', 'apparmor'],
  listeners: [{ protocol: 'tcp', address: '::', port: 22, program: 'systemd' }],
  routes: [
    { subnet: '10.201.0.0/16', device: 'eth1' },
    { subnet: '10.210.0.0/20', device: 'eth1' },
  ],
  outsideInterfaces: ['ens3'],
  loginDevice: 'ens3',
  loginCarrier: null,
  logins: [
    { name: 'root', uid: 0, keyCount: 0 },
    { name: 'ubuntu', uid: 1000, keyCount: 1 },
    { name: 'bruno', uid: 1001, keyCount: 0 },
  ],
}

/** One on which Docker serves already, set up by hand, with options that Zarpe must not lose. */
export const handMade: Facts = {
  ...bareDebian13,
  packages: [...bareDebian13.packages, 'docker-ce', 'docker-ce-cli', 'containerd.io', 'nftables'],
  units: {
    ...bareDebian13.units,
    'docker.service': { active: 'active', enabled: 'enabled', startedAt: 100 },
  },
  files: {
    '/etc/docker/daemon.json': {
      content: JSON.stringify({
        'registry-mirrors': ['https://mirror.example'],
        'live-restore': true,
        'log-driver': 'json-file',
        'log-opts': { 'max-size': '10m' },
      }),
      mode: '0600',
      owner: 'root',
      changedAt: 50,
    },
  },
  addresses: [...bareDebian13.addresses, docker0],
  docker: {
    origin: 'docker-ce',
    clientPresent: true,
    version: '28.5.1',
    runningContainers: 4,
    swarm: noSwarm,
  },
}
