import { describe, expect, it } from 'vitest'
import { dueFor, look, noted, onlyOf } from './judge.ts'
import { emptyLedger, type Ledger } from './model.ts'

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString()
const missed = { key: 'data/main/missed', text: 'data main: a backup was missed' }
const log = (minutes: number) => ({ key: 'data/main-base/log', text: `no log for ${minutes} min` })
const nothing = { began: [], still: [], over: [] }

/** Looks, and tells everything that is due to those channels that can be reached. */
const round = (
  ledger: Ledger,
  troubles: Parameters<typeof look>[1],
  minutes: number,
  reached: Record<string, boolean> = { chat: true },
) => {
  const now = at(minutes)
  const told: Record<string, ReturnType<typeof dueFor>> = {}
  let next = look(ledger, troubles, now)
  for (const [channel, isReached] of Object.entries(reached)) {
    told[channel] = dueFor(next, channel, now)
    next = noted(next, channel, told[channel], isReached ? null : 'it is down', now)
  }
  return { ledger: next, told }
}

const keysOf = (due: ReturnType<typeof dueFor> | undefined) => ({
  began: due?.began.map(({ key }) => key),
  still: due?.still.map(({ key }) => key),
  over: due?.over.map(({ key }) => key),
})

describe('what a channel is told', () => {
  it('is told once of what lasts, whatever it counts, and again after a day', () => {
    const first = round(emptyLedger, [log(6)], 0)
    expect(first.told['chat']).toEqual({ ...nothing, began: [{ ...log(6), since: at(0) }] })
    const second = round(first.ledger, [log(11)], 5)
    expect(second.told['chat']).toEqual(nothing)
    const day = round(second.ledger, [log(1446)], 24 * 60)
    expect(day.told['chat']).toEqual({ ...nothing, still: [{ ...log(1446), since: at(0) }] })
    expect(round(day.ledger, [log(1451)], 24 * 60 + 5).told['chat']).toEqual(nothing)
  })

  it('is told that it is over, with its last text, once it has been gone for a quarter of an hour', () => {
    const { ledger } = round(emptyLedger, [missed], 0)
    const gone = round(ledger, [], 5)
    expect(gone.told['chat']).toEqual(nothing)
    const over = round(gone.ledger, [], 15)
    expect(over.told['chat']).toEqual({ ...nothing, over: [{ ...missed, since: at(0) }] })
    expect(over.ledger.standing).toEqual([])
    expect(keysOf(round(over.ledger, [missed], 20).told['chat']).began).toEqual([missed.key])
  })

  it('is not told of what comes and goes within that', () => {
    let { ledger } = round(emptyLedger, [missed], 0)
    for (const minutes of [5, 10, 15, 20, 25, 30]) {
      const next = round(ledger, minutes % 10 === 0 ? [missed] : [], minutes)
      expect(next.told['chat'], `after ${minutes} min`).toEqual(nothing)
      ledger = next.ledger
    }
  })

  it('gets what it could not be told as soon as it can be reached, and others are told once', () => {
    const first = round(emptyLedger, [missed], 0, { chat: true, mail: false })
    expect(first.ledger.unheard).toEqual({ mail: 'it is down' })
    const second = round(first.ledger, [missed], 5, { chat: true, mail: true })
    expect(second.told['chat']).toEqual(nothing)
    expect(keysOf(second.told['mail']).began).toEqual([missed.key])
    expect(second.ledger.unheard).toEqual({})
  })

  it('hears nothing of what was over before anybody could be told', () => {
    const { ledger } = round(emptyLedger, [missed], 0, { chat: false })
    const next = round(ledger, [], 5, { chat: true })
    expect(next.told['chat']).toEqual(nothing)
    expect(next.ledger.standing).toEqual([])
  })

  it('is owed an end for a day at most', () => {
    const { ledger } = round(emptyLedger, [missed], 0)
    const day = round(ledger, [], 24 * 60 + 1, { chat: false })
    expect(day.ledger.standing).toEqual([])
  })

  it('is forgotten with the channel', () => {
    const { ledger } = round(emptyLedger, [missed], 0, { chat: true, mail: false })
    const left = onlyOf(ledger, ['other'])
    expect(left.unheard).toEqual({})
    expect(keysOf(round(left, [missed], 5, { other: true }).told['other']).began).toEqual([
      missed.key,
    ])
  })
})
