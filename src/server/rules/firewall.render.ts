import { fingerprint } from '../../plan/fingerprint.ts'
import type { Ports } from '../model.ts'
import { openedLines } from './opened.ts'

export type FirewallWanted = {
  outsideInterfaces: string[]
  tcpPorts: number[]
  udpPorts: number[]
  nodeAddresses: string[]
  /** Those among the ports that somebody has asked for, by name. */
  opened: Ports
}

/**
 * Our table as a file for `nft -f`, which replaces it in one act. It stands before the rewriting of
 * addresses by Docker (priority -100) and after connection tracking (-200): it sees the port that
 * the world asked for, and needs no chain of Docker's. Inside interfaces are none of its business.
 */
export const renderFirewall = (wanted: FirewallWanted): { content: string; marker: string } => {
  const rules = rulesOf(wanted)
  // The mark ties what is loaded to the file it came from.
  const marker = `zarpe ${fingerprint(rules)}`
  const lines = [
    'table inet zarpe',
    'delete table inet zarpe',
    'table inet zarpe {',
    '  chain outside {',
    '    type filter hook prerouting priority -110; policy accept;',
    ...rules.map((rule) => `    ${rule}`),
    `    counter drop comment "${marker}"`,
    '  }',
    '}',
    '',
  ]
  return {
    content: [
      '#!/usr/sbin/nft -f',
      '# Written by zarpe setup.',
      ...openedLines(wanted.opened),
      ...lines,
    ].join('\n'),
    marker,
  }
}

const rulesOf = (wanted: FirewallWanted) => {
  const four = wanted.nodeAddresses.filter((address) => !address.includes(':'))
  const six = wanted.nodeAddresses.filter((address) => address.includes(':'))
  return [
    `iifname != ${set(wanted.outsideInterfaces.map((name) => `"${name}"`))} accept`,
    // An engine that publishes to 127.0.0.1 can be reached from the same network otherwise.
    'ip daddr 127.0.0.0/8 drop',
    'ct state established,related accept',
    // A neighbour may send packets for a container straight to this machine.
    'fib daddr type != { local, broadcast, multicast } drop',
    'meta l4proto { icmp, ipv6-icmp } accept',
    'udp sport 67 udp dport 68 accept',
    'udp sport 547 udp dport 546 accept',
    `tcp dport ${set(wanted.tcpPorts)} accept`,
    ...(wanted.udpPorts.length > 0 ? [`udp dport ${set(wanted.udpPorts)} accept`] : []),
    ...nodes('ip', four),
    ...nodes('ip6', six),
  ]
}

const nodes = (family: 'ip' | 'ip6', addresses: string[]) =>
  addresses.length === 0
    ? []
    : [
        `${family} saddr ${set(addresses)} tcp dport { 2377, 7946 } accept`,
        `${family} saddr ${set(addresses)} udp dport { 4789, 7946 } accept`,
      ]

const set = (values: (string | number)[]) => `{ ${values.join(', ')} }`
