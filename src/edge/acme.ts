/** One refusal by a certificate authority, as Caddy logs it. */
export type AcmeRefusal = { domain: string; reason: string }

type Line = { level?: string; logger?: string; msg?: string; error?: string; identifier?: string }

const noise = [
  // The wrapping of one error by the next: `[a.example] Obtain: [a.example] solving challenge: …`.
  /\[[^\]]*\] (?:Obtain|Renew): /g,
  /\[[^\]]*\] (?=solving|creating|authorization|finalizing)/g,
  / \(order=[^)]*\)?/g,
  / \(ca=[^)]*\)/g,
]

/** The last refusal for a domain in Caddy's JSON log lines, in the authority's own words. */
export const lastRefusal = (lines: string[], domain: string): AcmeRefusal | null => {
  for (const raw of lines.toReversed()) {
    const line = parse(raw)
    if (!line?.error || !line.logger?.startsWith('tls')) continue
    const about = line.identifier === domain || line.error.includes(`[${domain}]`)
    if (!about || !/Obtain|obtain|renew|challenge|order/i.test(`${line.msg} ${line.error}`))
      continue
    return { domain, reason: shorten(line.error) }
  }
  return null
}

const shorten = (error: string) =>
  noise.reduce((text, pattern) => text.replace(pattern, ''), error).trim()

const parse = (raw: string): Line | null => {
  try {
    return JSON.parse(raw) as Line
  } catch {
    return null
  }
}
