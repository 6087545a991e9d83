import type { Trouble } from '../data/health/model.ts'
import type { Ledger, Letter, Sent, Standing, Told } from './model.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** What comes and goes within this is one thing, and told once. */
const overAfterMs = 15 * minuteMs
const remindAfterMs = 24 * hourMs
/** Whoever could not be told for so long that something is over is not told any more. */
const forgetAfterMs = 24 * hourMs
/** A channel that takes nothing is tried at each look, and after so many times once an hour. */
const eagerTries = 6

type Due = Pick<Letter, 'began' | 'still' | 'over'>

/** What is due where nothing is. */
export const nothing: Due = { began: [], still: [], over: [] }

const since = (at: string, now: string) => Date.parse(now) - Date.parse(at)

/** Names are the user's, and one may be that of something every object has. */
const of = <Value>(record: Record<string, Value>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined

const without = <Value>(record: Record<string, Value>, name: string): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).filter(([key]) => key !== name))

/** What stands now that a server has looked. */
export const look = (before: Ledger, troubles: Trouble[], now: string): Ledger => {
  const ledger = notAhead(before, now)
  const known = new Map(ledger.standing.map((each) => [each.key, each]))
  const found = troubles.map((trouble): Standing => {
    const former = known.get(trouble.key)
    known.delete(trouble.key)
    const own = { ...trouble, since: former?.since ?? now, seenAt: now }
    if (!former) return { ...own, told: {} }
    const before = heardBy(former)
    // What has happened again is told anew, and who was told before is told when it is over all the same.
    if (former.occasion !== trouble.occasion) return { ...own, told: {}, before }
    return { ...own, told: former.told, ...(former.before ? { before: former.before } : {}) }
  })
  const gone = [...known.values()].filter(
    (each) => isKnown(each) && since(each.seenAt, now) < forgetAfterMs,
  )
  return { ...ledger, lookedAt: now, standing: [...found, ...gone] }
}

/** A clock that was ahead once would keep everybody waiting until then. */
const notAhead = (ledger: Ledger, now: string): Ledger => {
  const sooner = (at: string) => (Date.parse(at) > Date.parse(now) ? now : at)
  const soonerEach = (record: Record<string, string>) =>
    Object.fromEntries(Object.entries(record).map(([name, at]) => [name, sooner(at)]))
  return {
    ...ledger,
    standing: ledger.standing.map((each) => ({
      ...each,
      since: sooner(each.since),
      seenAt: sooner(each.seenAt),
      told: soonerEach(each.told),
      ...(each.before ? { before: soonerEach(each.before) } : {}),
    })),
    unheard: Object.fromEntries(
      Object.entries(ledger.unheard).map(([name, failed]) => [
        name,
        { ...failed, triedAt: sooner(failed.triedAt) },
      ]),
    ),
  }
}

/** Who was told of it at all. */
const heardBy = ({ told, before = {} }: Standing) => ({ ...before, ...told })

const isKnown = (each: Standing) => Object.keys(heardBy(each)).length > 0

const isOver = ({ seenAt }: Standing, now: string) => since(seenAt, now) >= overAfterMs

/** Whether there is anything in what is due. */
export const isDue = ({ began, still, over }: Due): boolean =>
  began.length + still.length + over.length > 0

/** What a channel has not been told: began, still and over; all of them empty if there is nothing. */
const owedTo = ({ standing }: Ledger, channel: string, now: string): Due => {
  const toldAt = (each: Standing) => of(each.told, channel)
  const lasting = standing.filter((each) => each.seenAt === now)
  return {
    began: lasting.filter((each) => toldAt(each) === undefined).map(toldOf),
    still: lasting
      .filter((each) => toldAt(each) !== undefined && since(toldAt(each)!, now) >= remindAfterMs)
      .map(toldOf),
    over: standing
      .filter((each) => isOver(each, now) && of(heardBy(each), channel) !== undefined)
      .map(toldOf),
  }
}

const toldOf = ({ key, text, since: from }: Standing): Told => ({ key, text, since: from })

/** What a channel is to be told now. One that took nothing for some time is not tried at every look. */
export const dueFor = (ledger: Ledger, channel: string, now: string): Due => {
  const failed = of(ledger.unheard, channel)
  const waits = failed?.owed && failed.tries >= eagerTries && since(failed.triedAt, now) < hourMs
  return waits ? nothing : owedTo(ledger, channel, now)
}

/** The ledger after a channel was sent what was due; what was not taken is due again. */
export const noted = (
  ledger: Ledger,
  channel: string,
  due: Due,
  { taken, problem }: Sent,
  now: string,
): Ledger => {
  const former = of(ledger.unheard, channel)
  const unheard = without(ledger.unheard, channel)
  const tries = taken ? 0 : (former?.tries ?? 0) + 1
  const heard = {
    ...ledger,
    unheard:
      problem === null
        ? unheard
        : { ...unheard, [channel]: { problem, owed: !taken, tries, triedAt: now } },
  }
  if (!taken) return heard
  const keys = (list: Told[]) => new Set(list.map(({ key }) => key))
  const [lasting, over] = [keys([...due.began, ...due.still]), keys(due.over)]
  const standing = ledger.standing.map((each): Standing => {
    if (lasting.has(each.key)) return { ...each, told: { ...each.told, [channel]: now } }
    if (!over.has(each.key)) return each
    const { told, before = {}, ...rest } = each
    return { ...rest, told: without(told, channel), before: without(before, channel) }
  })
  return {
    ...heard,
    standing: standing.filter((each) => each.seenAt === now || isKnown(each)),
  }
}

/** The ledger after a test: one that was reached has nothing to complain of; what it is owed it is owed still. */
export const afterTest = (
  ledger: Ledger,
  tested: { name: string; problem: string | null }[],
): Ledger =>
  tested
    .filter(({ problem }) => problem === null)
    .reduce((known, { name }) => withoutFailure(known, name), ledger)

const withoutFailure = (ledger: Ledger, channel: string): Ledger => ({
  ...ledger,
  unheard: without(ledger.unheard, channel),
})

/** A channel to which nothing is owed any more has nothing left to fail of. */
export const settled = (ledger: Ledger, channel: string, now: string): Ledger =>
  of(ledger.unheard, channel)?.owed && !isDue(owedTo(ledger, channel, now))
    ? withoutFailure(ledger, channel)
    : ledger

/** A channel that is gone is owed nothing, and one that leads elsewhere has been told nothing. */
export const onlyOf = (ledger: Ledger, places: Record<string, string>): Ledger => {
  const isSame = (name: string) =>
    of(places, name) !== undefined && of(places, name) === of(ledger.places, name)
  const kept = <Value>(record: Record<string, Value>) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => isSame(name)))
  return {
    ...ledger,
    places,
    standing: ledger.standing.map((each) => ({
      ...each,
      told: kept(each.told),
      ...(each.before ? { before: kept(each.before) } : {}),
    })),
    unheard: kept(ledger.unheard),
  }
}
