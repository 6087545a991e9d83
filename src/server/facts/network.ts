import { z } from 'zod'
import type { Facts, Route } from '../model.ts'
import { isPublicAddress } from '../docker/subnet.ts'

const routeSchema = z.array(z.object({ dst: z.string(), dev: z.string().optional() }))
const linkSchema = z.array(
  z.object({
    ifname: z.string().optional(),
    /** The bridge or bond that it is a port of. */
    master: z.string().optional(),
    /** What makes it, with the details; what is a device of the machine has none. */
    linkinfo: z.object({ info_kind: z.string().optional() }).optional(),
    addr_info: z.array(z.object({ local: z.string().optional() })).default([]),
  }),
)

const routesOf = (json: string) => routeSchema.parse(JSON.parse(json || '[]'))

type Link = z.infer<typeof linkSchema>[number]

const linksOf = (text: string): Link[] => linkSchema.parse(JSON.parse(text || '[]'))

/** Lead through another interface. */
const tunnels = [
  ...['tun', 'wireguard', 'amneziawg', 'ovpn', 'ovpn-dco', 'xfrm', 'vxlan', 'geneve'],
  ...['ipip', 'sit', 'gre', 'gretap', 'ip6gre', 'ip6gretap', 'ip6tnl', 'vti', 'vti6'],
]

/** Made by this machine for what runs on it, or to lead through another interface. */
const madeHere = new Set([...tunnels, 'bridge', 'dummy', 'ifb', 'netkit'])

/**
 * Whether it could be a way to the world though no default route goes there: networks of containers and machines,
 * and tunnels, may have public addresses too. The network of a server that is a container itself is a veth.
 */
const isDevice = (link: Link, links: Link[], isContainer: boolean): boolean => {
  const kind = link.linkinfo?.info_kind ?? ''
  const isPort = (each: Link) => each.master === link.ifname && each.ifname !== link.ifname
  if (kind === 'bridge') return links.some((each) => isPort(each) && isDevice(each, links, false))
  return kind === 'veth' ? isContainer : !madeHere.has(kind)
}

/** What `ip` says with `-json`: of `route`, of `-6 route` and of `-details address`. */
type NetworkTexts = { routes4: string; routes6: string; links: string }

/** Reads what `ip` says. `isContainer`: this server is one. */
export const parseNetwork = (
  { routes4, routes6, links }: NetworkTexts,
  isContainer: boolean,
): Pick<Facts, 'routes' | 'addresses' | 'outsideInterfaces'> => {
  const all = [...routesOf(routes4), ...routesOf(routes6)]
  const there = linksOf(links)
  const addressesOf = (link: Link) =>
    link.addr_info.flatMap(({ local }) =>
      local && link.ifname ? [{ device: link.ifname, address: local }] : [],
    )
  const devices = there.filter((link) => isDevice(link, there, isContainer))
  const outside = [
    ...all.flatMap((route) => (route.dst === 'default' && route.dev ? [route.dev] : [])),
    ...devices
      .flatMap(addressesOf)
      .flatMap(({ device, address }) => (isPublicAddress(address) ? [device] : [])),
  ]
  return {
    routes: all.flatMap((route): Route[] =>
      route.dst === 'default' || !route.dev ? [] : [{ subnet: route.dst, device: route.dev }],
    ),
    addresses: there.flatMap(addressesOf),
    outsideInterfaces: [...new Set(outside)].filter((name) => name !== 'lo').sort(),
  }
}

// A line to the provider may be of the last kind too; then the world is behind it.
const loginTunnels = new Set([...tunnels, 'ppp'])

/**
 * What of this server's own somebody comes in by whose way is through an interface: a tunnel, or what runs in a
 * container, as a VPN may. Null for a network of the machine, and for the machine itself.
 */
export const carrierOf = (links: string, device: string): Facts['loginCarrier'] => {
  const there = linksOf(links)
  const kindOf = (link: Link | undefined) => link?.linkinfo?.info_kind ?? ''
  const kind = kindOf(there.find(({ ifname }) => ifname === device))
  const ports = there.filter(({ master }) => master === device).map(kindOf)
  if ([kind, ...ports].some((each) => loginTunnels.has(each))) return 'tunnel'
  return kind === 'bridge' && ports.includes('veth') ? 'container' : null
}

/** Reads what \`ip -json route get\` says: the interface that leads to an address. */
export const deviceTo = (route: string): string | null =>
  routesOf(route).find(({ dev }) => dev !== undefined)?.dev ?? null
