import { z } from 'zod'
import { emptyLedger, type Ledger } from './model.ts'

const moment = z.iso.datetime()
const moments = z.record(z.string(), moment)

const ledger = z.object({
  lookedAt: moment.nullable(),
  standing: z.array(
    z.object({
      key: z.string(),
      text: z.string(),
      occasion: z.string().optional(),
      since: moment,
      seenAt: moment,
      told: moments,
      before: moments.optional(),
    }),
  ),
  unheard: z.record(
    z.string(),
    z.object({ problem: z.string(), owed: z.boolean(), tries: z.int(), triedAt: moment }),
  ),
  places: z.record(z.string(), z.string()),
})

/** The ledger of a text; of one that is none of ours, or damaged, an empty one. */
export const parseLedger = (text: string): Ledger => {
  try {
    const parsed = ledger.safeParse(JSON.parse(text))
    if (!parsed.success) return emptyLedger
    return {
      ...parsed.data,
      standing: parsed.data.standing.map(({ occasion, before, ...each }) => ({
        ...each,
        ...(occasion === undefined ? {} : { occasion }),
        ...(before === undefined ? {} : { before }),
      })),
    }
  } catch {
    return emptyLedger
  }
}
