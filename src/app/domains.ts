import { isPublicAddress } from '../server/docker/subnet.ts'

/** A server as DNS may lead to it; some of its addresses may be of no use to others. */
export type Reached = { name: string; addresses: string[] }

/** Why a domain does not lead to a server, and the records that would make it. `partly`: it does, and elsewhere too. */
export type Elsewhere = { detail: string; records: string[]; partly: boolean }

/** Null where a domain leads to a server. `led`: what DNS answers for it, null if it did not. */
export const elsewhereOf = (
  domain: string,
  led: string[] | null,
  server: Reached,
): Elsewhere | null => {
  if (led === null)
    return { detail: `DNS did not answer for ${domain}.`, records: [], partly: false }
  const here = server.addresses.filter((each) => !/^(127\.|::1$|fe80)/.test(each))
  const records = here
    .filter(isPublicAddress)
    .slice(0, 2)
    .map((each) => `${domain}. ${each.includes(':') ? 'AAAA' : 'A'} ${each}`)
  if (led.length === 0) {
    const detail = `${domain} has no address in the DNS that this machine asks.`
    return { detail, records, partly: false }
  }
  const others = led.filter((each) => !here.includes(each))
  if (others.length === 0) return null
  const partly = others.length < led.length
  const has = here.join(', ') || 'no known address'
  return {
    detail: `${domain} leads to ${others.join(', ')}${partly ? ' too' : ''}; ${server.name} has ${has}.`,
    records: [],
    partly,
  }
}

/** What that means for a domain that has no certificate yet, in a line of a plan; null where it leads to the server. */
export const certificateNote = (
  domain: string,
  led: string[] | null,
  server: Reached,
): string | null => {
  const found = elsewhereOf(domain, led, server)
  if (!found) return null
  const { detail, records, partly } = found
  if (led === null) return `${detail} Whether it leads to ${server.name} is not known.`
  if (partly) return `${detail} The authority may ask there, and give no certificate.`
  const wanted = records.length > 0 ? `: ${records.join(', ')}` : ''
  const otherwise =
    led.length > 0
      ? '. Behind a proxy or CDN, turn `domain-elsewhere` off under `check` in zarpe.yml'
      : ''
  return `${detail} No certificate can be had for it until it leads to ${server.name}${wanted}${otherwise}`
}
