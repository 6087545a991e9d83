import type { Loaded } from '../../app/app.load.ts'
import { certificateNote, elsewhereOf } from '../../app/domains.ts'
import { addressesOf } from '../../io/host/network/names.ts'
import type { AgentConnection } from '../../io/ssh/connect.ts'
import { hostnameOf } from '../../io/ssh/hostname.ts'
import { parseTarget } from '../../io/ssh/target.ts'
import { outsideAddresses } from '../../server/facts/outside.ts'
import { inspectServerMethod } from '../../server/methods.ts'
import type { Observed } from '../model.ts'

type Led = { server: string; host: string[]; domains: { domain: string; led: string[] | null }[] }

/** Begins to ask DNS about the app's domains and the server, while other things go on; null where nothing depends on it. */
export const askDns = (
  { app, off }: Loaded,
  server: { name: string; target: string },
): Promise<Led | null> | null => {
  const names = [...new Set(app.routes.map(({ domain }) => domain))]
  // An authority of one's own asks where nobody else can.
  const isOwn = app.edge.acmeDirectory !== undefined
  if (names.length === 0 || isOwn || off.includes('domain-elsewhere')) return null
  const asked = async () => {
    const [host, domains] = await Promise.all([
      hostnameOf(parseTarget(server.target)).then(addressesOf),
      Promise.all(names.map(async (domain) => ({ domain, led: await addressesOf(domain) }))),
    ])
    return { server: server.name, host: host ?? [], domains }
  }
  // It is for a note: a release does not depend on it.
  return asked().catch(() => null)
}

/**
 * One line for each domain that does not lead to the server and has no certificate there: none will be had, and the
 * release would wait for it in vain. The server is asked for its addresses only where there is doubt.
 */
export const domainNotes = async (
  asking: Promise<Led | null> | null,
  routes: { domain: string }[],
  { edge }: Observed,
  { wire }: AgentConnection,
): Promise<string[]> => {
  const known = new Set([...edge.certificates.map(({ domain }) => domain), ...edge.late])
  if (asking === null || routes.every(({ domain }) => known.has(domain))) return []
  const answered = await asking
  if (answered === null) return []
  const fresh = answered.domains.filter(({ domain }) => !known.has(domain))
  const at = (addresses: string[]) => ({ name: answered.server, addresses })
  const isDoubtful = fresh.some(
    ({ domain, led }) => led !== null && elsewhereOf(domain, led, at(answered.host)) !== null,
  )
  const facts = isDoubtful ? await wire.call(inspectServerMethod, null).catch(() => null) : null
  const server = at([...new Set([...answered.host, ...(facts ? outsideAddresses(facts) : [])])])
  return fresh.flatMap(({ domain, led }) => certificateNote(domain, led, server) ?? [])
}
