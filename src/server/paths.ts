/** Every path on a server that `setup` may write or must read to decide; nothing else is touched. */
export const paths = {
  journald: '/etc/systemd/journald.conf.d/10-zarpe.conf',
  stableUnit: '/etc/systemd/system/zarpe-net.service',
  stableInterface: 'zarpe0',
  firewallUnit: '/etc/systemd/system/zarpe-firewall.service',
  firewall: '/etc/zarpe/firewall.nft',
  nftablesDropIn: '/etc/systemd/system/nftables.service.d/10-zarpe.conf',
  daemonJson: '/etc/docker/daemon.json',
  dockerDropIn: '/etc/systemd/system/docker.service.d/10-zarpe.conf',
  sshd: '/etc/ssh/sshd_config.d/10-zarpe.conf',
  updates: '/etc/apt/apt.conf.d/20auto-upgrades',
  sysctl: '/etc/sysctl.d/60-zarpe.conf',
  modules: '/etc/modprobe.d/60-zarpe.conf',
  coreLimits: '/etc/security/limits.d/60-zarpe.conf',
  coreDumps: '/etc/systemd/coredump.conf.d/60-zarpe.conf',
  shells: '/etc/profile.d/60-zarpe.sh',
  restarts: '/etc/needrestart/conf.d/60-zarpe.conf',
  swapFile: '/swapfile',
  swapUnit: '/etc/systemd/system/swapfile.swap',
  sudoers: '/etc/sudoers.d/zarpe',
  /** What the deploy user may run as root, and nothing else. */
  agent: '/usr/local/bin/zarpe-agent',
  guards: '/var/lib/zarpe/guards',
  /** The packages that `setup` has held; others were held before, or by an earlier version of Zarpe. */
  held: '/var/lib/zarpe/held.json',
} as const

/** The files whose content `setup` compares. */
export const comparedFiles: string[] = [
  paths.journald,
  paths.stableUnit,
  paths.firewallUnit,
  paths.firewall,
  paths.nftablesDropIn,
  paths.daemonJson,
  paths.dockerDropIn,
  paths.sshd,
  paths.updates,
  paths.sysctl,
  paths.modules,
  paths.coreLimits,
  paths.coreDumps,
  paths.shells,
  paths.restarts,
  paths.swapUnit,
  paths.sudoers,
]

/** The units whose state `setup` compares. */
export const comparedUnits: string[] = [
  'systemd-timesyncd.service',
  'chrony.service',
  'ntpsec.service',
  'openntpd.service',
  'systemd-journald.service',
  'systemd-journal-flush.service',
  'zarpe-net.service',
  'zarpe-firewall.service',
  'docker.service',
  'snap.docker.dockerd.service',
  'swapfile.swap',
  'apt-daily-upgrade.timer',
  'ufw.service',
  'firewalld.service',
  'nftables.service',
]
