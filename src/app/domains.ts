/** A server as DNS may lead to it; some of its addresses may be of no use to others. */
export type Reached = { name: string; addresses: string[] }

/** Why a domain does not lead to a server, and the records that would make it. */
export type Elsewhere = { detail: string; records: string[] }

/** Null where a domain leads to a server. `led`: what DNS answers for it, null if it did not. */
export const elsewhereOf = (
  domain: string,
  led: string[] | null,
  server: Reached,
): Elsewhere | null => {
  const here = server.addresses.filter((each) => !/^(127\.|::1$|fe80)/.test(each))
  const records = here.slice(0, 2).map((each) => `${domain}. ${typeOf(each)} ${each}`)
  if (led === null) return { detail: `DNS did not answer for ${domain}.`, records: [] }
  if (led.length === 0) {
    const detail = `${domain} has no address in the DNS that this machine asks.`
    return { detail, records }
  }
  const others = led.filter((each) => !here.includes(each))
  if (others.length === 0) return null
  const too = others.length === led.length ? '' : ' too'
  const has = here.join(', ') || 'no known address'
  return {
    detail: `${domain} leads to ${others.join(', ')}${too}; ${server.name} has ${has}.`,
    records: [],
  }
}

const typeOf = (address: string) => (address.includes(':') ? 'AAAA' : 'A')
