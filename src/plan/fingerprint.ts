import { createHash, createHmac } from 'node:crypto'

/** JSON with the keys of every object sorted, so that equal values have equal text. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    each && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(
          Object.entries(each).toSorted(([left], [right]) => (left < right ? -1 : 1)),
        )
      : each,
  ) ?? 'null'

/** SHA-256 of the canonical JSON, in hex; `length` characters of it. */
export const fingerprint = (value: unknown, length = 16): string =>
  createHash('sha256').update(canonical(value)).digest('hex').slice(0, length)

/** As `fingerprint`, of what may be secret: nobody without the key can try out what it was made of. */
export const keyedFingerprint = (key: string, value: unknown, length = 16): string =>
  createHmac('sha256', key).update(canonical(value)).digest('hex').slice(0, length)
