import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'

const limitMs = 3_000

/** What a name leads to in DNS, both families; empty if it has no address, null if DNS did not answer. */
export const addressesOf = async (name: string): Promise<string[] | null> => {
  if (isIP(name)) return [name]
  const dns = new Resolver({ timeout: limitMs, tries: 2 })
  const [four, six] = await Promise.all([
    dns.resolve4(name).catch(emptyIfNone),
    dns.resolve6(name).catch(emptyIfNone),
  ])
  return four === null && six === null ? null : [...(four ?? []), ...(six ?? [])]
}

/**
 * The authorities that may issue certificates for a name, by the nearest CAA record of it or a parent;
 * null if none is recorded, so that every one may.
 */
export const issuersOf = async (name: string): Promise<string[] | null> => {
  const dns = new Resolver({ timeout: limitMs, tries: 2 })
  const labels = name.split('.')
  for (let cut = 0; cut < labels.length - 1; cut++) {
    const records = await dns.resolveCaa(labels.slice(cut).join('.')).catch(() => [])
    if (records.length > 0)
      return records.flatMap(({ issue }) => (issue === undefined ? [] : [issue]))
  }
  return null
}

const emptyIfNone = (error: NodeJS.ErrnoException): string[] | null =>
  error.code === 'ENOTFOUND' || error.code === 'ENODATA' ? [] : null
