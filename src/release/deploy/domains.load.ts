import type { Loaded } from '../../app/app.load.ts'
import { elsewhereOf, type Reached } from '../../app/domains.ts'
import { addressesOf } from '../../io/host/names.ts'
import type { AgentConnection } from '../../io/ssh/connect.ts'
import { hostnameOf } from '../../io/ssh/hostname.ts'
import { parseTarget } from '../../io/ssh/target.ts'
import { outsideAddresses } from '../../server/facts/outside.ts'
import { inspectServerMethod } from '../../server/methods.ts'
import type { Observed } from '../model.ts'

type Led = { server: string; host: string[]; domains: { domain: string; led: string[] | null }[] }

/** What DNS says of the app's domains and of the server, asked while other things go on; null if nothing depends on it. */
export const askDns = async (
  { app, off }: Loaded,
  server: { name: string; target: string },
): Promise<Led | null> => {
  // An authority of one's own asks where nobody else can.
  if (app.edge.acmeDirectory !== undefined || off.includes('domain-elsewhere')) return null
  const names = [...new Set(app.routes.map(({ domain }) => domain))]
  const [host, domains] = await Promise.all([
    hostnameOf(parseTarget(server.target)).then(addressesOf),
    Promise.all(names.map(async (domain) => ({ domain, led: await addressesOf(domain) }))),
  ])
  return { server: server.name, host: host ?? [], domains }
}

/**
 * One line for each domain that does not lead to the server and has no certificate there: none will be had, and the
 * release would wait for it in vain. The server is asked for its addresses only where there is doubt.
 */
export const domainNotes = async (
  led: Led | null,
  { edge }: Observed,
  connection: AgentConnection,
): Promise<string[]> => {
  const known = new Set(edge.certificates.map(({ domain }) => domain))
  const fresh = (led?.domains ?? []).filter(({ domain }) => !known.has(domain))
  const notes = (addresses: string[]) =>
    fresh.flatMap((each) => noteOf(each, { name: led!.server, addresses }))
  if (led === null || notes(led.host).length === 0) return []
  const own = outsideAddresses(await connection.wire.call(inspectServerMethod, null))
  return notes([...new Set([...led.host, ...own])])
}

const noteOf = ({ domain, led }: Led['domains'][number], server: Reached): string[] => {
  const found = elsewhereOf(domain, led, server)
  if (!found) return []
  const { detail, records } = found
  if (led === null) return [`${detail} Whether it leads to ${server.name} is not known.`]
  const wanted = records.length > 0 ? `: ${records.join(', ')}` : ''
  return [`${detail} No certificate can be had for it until it leads to ${server.name}${wanted}`]
}
