import { z } from 'zod'
import { parseBytes } from './units.ts'

/** Below this a backup would take days, and a connection that is held to it would count as lost. */
const leastBytes = 100 * 1024

/** Bytes a second, such as `20M`. */
export const rate = z.string().refine((text) => (parseBytes(text) ?? 0) >= leastBytes, {
  error: 'must be bytes a second, 100k at the least, such as 20M',
})
