import { readFileSync, writeFileSync } from 'node:fs'
import { docker, dockerOk } from './docker.ts'
import { labLabel, labPath, type Report } from './home.ts'

/** The lab's own network; everything in it has a fixed address, so that a reboot keeps it. */
export const labNetwork = 'zarpe-lab'

const subnet = '10.77.0.0/24'
const prefix = '10.77.0.'

/** Who lives where. Servers follow from `.11`: `vps1` is 10.77.0.11. */
export const addresses = {
  gateway: `${prefix}1`,
  mirror: `${prefix}2`,
  acme: `${prefix}3`,
  sftp: `${prefix}4`,
  sftpSmall: `${prefix}5`,
  s3: `${prefix}6`,
  sftpGuide: `${prefix}7`,
} as const

const firstNumbered = 10
const firstFree = 50
const lastFree = 250

/** The address for a new server: by the number its name ends in, else the first that is free. */
export const addressFor = (name: string, taken: ReadonlySet<string>): string | undefined => {
  const number = Number(/(\d+)$/.exec(name)?.[1] ?? 0)
  const wished = prefix + String(firstNumbered + number)
  if (number > 0 && firstNumbered + number < firstFree && !taken.has(wished)) return wished
  for (let last = firstFree; last <= lastFree; last++) {
    if (!taken.has(prefix + String(last))) return prefix + String(last)
  }
  return undefined
}

/** Makes sure of the lab's network, with the packet size that the way out of this machine has. */
export const ensureNetwork = async (report: Report): Promise<void> => {
  if ((await docker(['network', 'inspect', labNetwork])).code === 0) return
  report(`creating the network ${labNetwork} (${subnet})`)
  const options = ['bridge.name=zarpe-lab', `driver.mtu=${outwardMtu()}`]
  const argv = [
    ['network', 'create', '--label', `${labLabel}=1`],
    ['--subnet', subnet, '--gateway', addresses.gateway],
    ...options.map((option) => ['--opt', `com.docker.network.${option}`]),
    [labNetwork],
  ]
  await dockerOk(argv.flat())
}

/** The packet size of the default route's interface: larger ones are lost without a word. */
const outwardMtu = (): number => {
  try {
    const routes = readFileSync('/proc/net/route', 'utf8').split('\n').slice(1)
    const route = routes.map((line) => line.split('\t')).find((fields) => fields[1] === '00000000')
    return Number(readFileSync(`/sys/class/net/${route?.[0]}/mtu`, 'utf8')) || 1500
  } catch {
    return 1500
  }
}

/**
 * Writes the `resolv.conf` that servers get: this machine's real name servers. Docker's own
 * resolver at 127.0.0.11 would do for the server, but not for the containers inside it, whose
 * engine takes a loopback name server for a mistake and falls back to a public one.
 */
export const writeResolvConf = (): string => {
  const path = labPath('resolv.conf')
  const sources = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf']
  const servers = sources.map(nameServersOf).find((found) => found.length > 0) ?? []
  writeFileSync(path, servers.map((server) => `nameserver ${server}\n`).join(''))
  return path
}

const nameServersOf = (path: string): string[] => {
  try {
    const found = readFileSync(path, 'utf8').matchAll(/^nameserver\s+(\S+)/gm)
    return [...found].map((match) => match[1]!).filter((server) => !/^127\.|^::1$/.test(server))
  } catch {
    return []
  }
}
