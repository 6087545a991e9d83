import { expect, it } from 'vitest'
import { renderFirewall } from './firewall.render.ts'

const wanted = {
  outsideInterfaces: ['eth0', 'eth1'],
  tcpPorts: [80, 443, 2222],
  udpPorts: [443],
  nodeAddresses: ['198.51.100.9', '2001:db8::9'],
  opened: { tcp: [], udp: [] },
}

it('renders one table that is replaced in one act', () => {
  const { content, marker } = renderFirewall(wanted)
  expect(content).toBe(`#!/usr/sbin/nft -f
# Written by zarpe setup.
table inet zarpe
delete table inet zarpe
table inet zarpe {
  chain outside {
    type filter hook prerouting priority -110; policy accept;
    iifname != { "eth0", "eth1" } accept
    ip daddr 127.0.0.0/8 drop
    ct state established,related accept
    fib daddr type != { local, broadcast, multicast } drop
    meta l4proto { icmp, ipv6-icmp } accept
    udp sport 67 udp dport 68 accept
    udp sport 547 udp dport 546 accept
    tcp dport { 80, 443, 2222 } accept
    udp dport { 443 } accept
    ip saddr { 198.51.100.9 } tcp dport { 2377, 7946 } accept
    ip saddr { 198.51.100.9 } udp dport { 4789, 7946 } accept
    ip6 saddr { 2001:db8::9 } tcp dport { 2377, 7946 } accept
    ip6 saddr { 2001:db8::9 } udp dport { 4789, 7946 } accept
    counter drop comment "${marker}"
  }
}
`)
})

it('has another mark when a rule differs, and the same when none does', () => {
  expect(renderFirewall({ ...wanted }).marker).toBe(renderFirewall(wanted).marker)
  expect(renderFirewall({ ...wanted, udpPorts: [] }).marker).not.toBe(renderFirewall(wanted).marker)
})
