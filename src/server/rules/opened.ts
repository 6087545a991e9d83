import type { Facts, Ports, SetupSettings } from '../model.ts'
import { paths } from '../paths.ts'

// Ports that somebody wants open besides SSH, 80 and 443. The firewall's own file names them, and is the only place that
// does: what undoes itself takes them back too, and a later set-up that is told nothing keeps them.

const named = '# Open besides, by --open: '

export const portsText = ({ tcp, udp }: Ports): string =>
  [...tcp.map((port) => `${port}/tcp`), ...udp.map((port) => `${port}/udp`)].join(' ')

/** The line of the firewall's file that names them; none if there are none. */
export const openedLines = (ports: Ports): string[] => {
  const text = portsText(ports)
  return text === '' ? [] : [`${named}${text}`]
}

/** Reads `51820/udp`; null for what is no port. */
export const parsePort = (text: string): Ports | null => {
  const [, digits, protocol] = /^(\d{1,5})\/(tcp|udp)$/.exec(text) ?? []
  const port = Number(digits)
  if (!(port >= 1 && port <= 65_535)) return null
  return { tcp: protocol === 'tcp' ? [port] : [], udp: protocol === 'udp' ? [port] : [] }
}

export const bothPorts = (one: Ports, other: Ports): Ports => ({
  tcp: ascending([...one.tcp, ...other.tcp]),
  udp: ascending([...one.udp, ...other.udp]),
})

export const ascending = (ports: number[]) =>
  [...new Set(ports)].toSorted((left, right) => left - right)

const without = (ports: Ports, away: Ports): Ports => ({
  tcp: ports.tcp.filter((port) => !away.tcp.includes(port)),
  udp: ports.udp.filter((port) => !away.udp.includes(port)),
})

/** Those that are open after this set-up: of earlier ones, and asked for now, less what is to be closed. */
export const openedPorts = (facts: Facts, { openPorts, closePorts }: SetupSettings): Ports => {
  const lines = (facts.files[paths.firewall]?.content ?? '').split('\n')
  const line = lines.find((each) => each.startsWith(named)) ?? named
  const kept = line
    .slice(named.length)
    .split(' ')
    .flatMap((text) => parsePort(text) ?? [])
  return without(kept.reduce(bothPorts, openPorts), closePorts)
}
