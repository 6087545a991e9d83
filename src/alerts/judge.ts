import type { Trouble } from '../data/health/model.ts'
import type { Ledger, Letter, Standing, Told } from './model.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** What comes and goes within this is one thing, and told once. */
const overAfterMs = 15 * minuteMs
const remindAfterMs = 24 * hourMs
/** Whoever could not be told for so long that something is over is not told any more. */
const forgetAfterMs = 24 * hourMs

const since = (at: string, now: string) => Date.parse(now) - Date.parse(at)

/** What stands now that a server has looked. */
export const look = (ledger: Ledger, troubles: Trouble[], now: string): Ledger => {
  const known = new Map(ledger.standing.map((each) => [each.key, each]))
  const found = troubles.map((trouble): Standing => {
    const former = known.get(trouble.key)
    known.delete(trouble.key)
    return { since: now, told: {}, ...former, ...trouble, seenAt: now }
  })
  const gone = [...known.values()].filter(
    (each) => isKnown(each) && since(each.seenAt, now) < forgetAfterMs,
  )
  return { ...ledger, lookedAt: now, standing: [...found, ...gone] }
}

const isKnown = ({ told }: Standing) => Object.keys(told).length > 0

const isOver = ({ seenAt }: Standing, now: string) => since(seenAt, now) >= overAfterMs

/** What a channel is to be told now: began, still and over; all of them empty if there is nothing. */
export const dueFor = (
  { standing }: Ledger,
  channel: string,
  now: string,
): Pick<Letter, 'began' | 'still' | 'over'> => {
  const told = (each: Standing) => each.told[channel]
  const lasting = standing.filter((each) => each.seenAt === now)
  return {
    began: lasting.filter((each) => told(each) === undefined).map(toldOf),
    still: lasting
      .filter((each) => told(each) !== undefined && since(told(each)!, now) >= remindAfterMs)
      .map(toldOf),
    over: standing.filter((each) => isOver(each, now) && told(each) !== undefined).map(toldOf),
  }
}

const toldOf = ({ key, text, since: from }: Standing): Told => ({ key, text, since: from })

/** The ledger after a channel was told what was due, or could not be: then it is due again at the next look. */
export const noted = (
  ledger: Ledger,
  channel: string,
  due: Pick<Letter, 'began' | 'still' | 'over'>,
  problem: string | null,
  now: string,
): Ledger => {
  const { [channel]: _, ...unheard } = ledger.unheard
  if (problem !== null) return { ...ledger, unheard: { ...unheard, [channel]: problem } }
  const keys = (list: Told[]) => new Set(list.map(({ key }) => key))
  const [lasting, over] = [keys([...due.began, ...due.still]), keys(due.over)]
  const standing = ledger.standing.map((each): Standing => {
    if (lasting.has(each.key)) return { ...each, told: { ...each.told, [channel]: now } }
    if (!over.has(each.key)) return each
    const { [channel]: _told, ...told } = each.told
    return { ...each, told }
  })
  return {
    ...ledger,
    unheard,
    standing: standing.filter((each) => each.seenAt === now || isKnown(each)),
  }
}

/** Channels that are gone are owed nothing. */
export const onlyOf = (ledger: Ledger, channels: string[]): Ledger => {
  const wanted = new Set(channels)
  const kept = <Value>(record: Record<string, Value>) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => wanted.has(name)))
  return {
    ...ledger,
    standing: ledger.standing.map((each) => ({ ...each, told: kept(each.told) })),
    unheard: kept(ledger.unheard),
  }
}
