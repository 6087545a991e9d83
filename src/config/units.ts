const millisecondsOf: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Milliseconds in `1h30m`, `10s` or `250ms`; null for anything else. Compose writes durations so. */
export const parseDuration = (text: string): number | null => {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return null
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * millisecondsOf[unit!]!, 0)
}

const bytesOf: Record<string, number> = {
  b: 1,
  k: 1024,
  kb: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
}

/** Bytes in `64M`, `1gb` or `1048576`; null for anything else. Units are binary, as in Compose. */
export const parseBytes = (text: string): number | null => {
  const match = /^(\d+(?:\.\d+)?)([bkmg]b?)?$/i.exec(text.trim())
  return match ? Math.round(Number(match[1]) * bytesOf[(match[2] ?? 'b').toLowerCase()]!) : null
}
