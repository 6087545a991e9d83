import { z } from 'zod'
import type { Facts, Route } from '../model.ts'
import { isPublicAddress } from '../docker/subnet.ts'

const routeSchema = z.array(z.object({ dst: z.string(), dev: z.string().optional() }))
const linkSchema = z.array(
  z.object({
    ifname: z.string().optional(),
    addr_info: z.array(z.object({ local: z.string().optional() })).default([]),
  }),
)

const routesOf = (json: string) => routeSchema.parse(JSON.parse(json || '[]'))

/** Reads `ip -j route`, `ip -j -6 route` and `ip -j address`. */
export const parseNetwork = (
  routes4: string,
  routes6: string,
  links: string,
): Pick<Facts, 'routes' | 'addresses' | 'outsideInterfaces'> => {
  const all = [...routesOf(routes4), ...routesOf(routes6)]
  const addresses = linkSchema
    .parse(JSON.parse(links || '[]'))
    .flatMap((link) =>
      link.addr_info.flatMap(({ local }) =>
        local && link.ifname ? [{ device: link.ifname, address: local }] : [],
      ),
    )
  const outside = [
    ...all.flatMap((route) => (route.dst === 'default' && route.dev ? [route.dev] : [])),
    ...addresses.flatMap(({ device, address }) => (isPublicAddress(address) ? [device] : [])),
  ]
  return {
    routes: all.flatMap((route): Route[] =>
      route.dst === 'default' || !route.dev ? [] : [{ subnet: route.dst, device: route.dev }],
    ),
    addresses,
    outsideInterfaces: [...new Set(outside)].filter((name) => name !== 'lo').sort(),
  }
}
