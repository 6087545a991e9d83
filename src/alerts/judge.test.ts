import { describe, expect, it } from 'vitest'
import { afterTest, dueFor, isDue, look, noted, onlyOf, settled } from './judge.ts'
import { parseLedger } from './ledger.ts'
import { emptyLedger, type Ledger } from './model.ts'

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString()
const missed = { key: 'data/main/missed', text: 'data main: a backup was missed' }
const log = (minutes: number) => ({ key: 'data/main-base/log', text: `no log for ${minutes} min` })
const nothing = { began: [], still: [], over: [] }

/** As a server keeps it between two looks. */
const kept = (ledger: Ledger) => parseLedger(JSON.stringify(ledger))

/** Looks, and tells everything that is due to those channels that can be reached. */
const round = (
  ledger: Ledger,
  troubles: Parameters<typeof look>[1],
  minutes: number,
  reached: Record<string, boolean> = { chat: true },
) => {
  const now = at(minutes)
  const told: Record<string, ReturnType<typeof dueFor>> = {}
  let next = look(kept(ledger), troubles, now)
  for (const [channel, isReached] of Object.entries(reached)) {
    told[channel] = dueFor(next, channel, now)
    const sent = { taken: isReached, problem: isReached ? null : 'it is down' }
    if (isDue(told[channel])) next = noted(next, channel, told[channel], sent, now)
    else next = settled(next, channel, now)
  }
  return { ledger: kept(next), told }
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
    expect(first.ledger.unheard).toEqual({
      mail: { problem: 'it is down', owed: true, tries: 1, triedAt: at(0) },
    })
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

  it('is told anew of what has happened again', () => {
    const failed = (night: number) => ({ key: 'data/main/failed', text: 'x', occasion: `${night}` })
    const { ledger } = round(emptyLedger, [failed(1)], 0)
    const again = round(ledger, [failed(2)], 5)
    expect(keysOf(again.told['chat']).began).toEqual(['data/main/failed'])
    expect(round(again.ledger, [failed(2)], 10).told['chat']).toEqual(nothing)
  })

  it('is told that it is over though it never heard that it had happened again', () => {
    const failed = (night: number) => ({ key: 'data/main/failed', text: 'x', occasion: `${night}` })
    const { ledger } = round(emptyLedger, [failed(1)], 0)
    const away = round(ledger, [failed(2)], 5, { chat: false })
    const gone = round(away.ledger, [], 10, { chat: false })
    const over = round(gone.ledger, [], 30)
    expect(keysOf(over.told['chat'])).toMatchObject({ began: [], over: ['data/main/failed'] })
    expect(over.ledger.standing).toEqual([])
  })

  it('is tried at each look for half an hour, then once an hour', () => {
    let { ledger } = round(emptyLedger, [missed], 0, { chat: false })
    const tried: number[] = []
    for (let minutes = 5; minutes <= 200; minutes += 5) {
      const next = round(ledger, [missed], minutes, { chat: false })
      if (isDue(next.told['chat']!)) tried.push(minutes)
      ledger = next.ledger
    }
    expect(tried).toEqual([5, 10, 15, 20, 25, 85, 145])
  })

  it('has nothing left to complain of when it is owed nothing any more', () => {
    const { ledger } = round(emptyLedger, [missed], 0, { chat: false })
    expect(round(ledger, [], 5, { chat: false }).ledger.unheard).toEqual({})
  })

  it('may be told of somebody who was not reached beside others, until all of them are', () => {
    const due = { ...nothing, began: [{ ...missed, since: at(0) }] }
    const sent = { taken: true, problem: 'no mail is taken for gone@shop.example' }
    const ledger = noted(look(emptyLedger, [missed], at(0)), 'mail', due, sent, at(0))
    expect(dueFor(ledger, 'mail', at(0))).toEqual(nothing)
    expect(settled(ledger, 'mail', at(0)).unheard).toMatchObject({ mail: { owed: false } })
  })

  it('is told in time although a clock was ahead once', () => {
    const { ledger } = round(emptyLedger, [missed], 60 * 24 * 900)
    const next = round(ledger, [missed], 0)
    expect(next.told['chat']).toEqual(nothing)
    expect(keysOf(round(next.ledger, [missed], 24 * 60).told['chat']).still).toEqual([missed.key])
  })

  it('is tried in time, and told what is over, although a clock was ahead when it was away', () => {
    const ahead = 60 * 24 * 900
    const failed = (night: number) => ({ key: 'data/main/failed', text: 'x', occasion: `${night}` })
    let { ledger } = round(emptyLedger, [failed(1)], ahead)
    for (let minutes = 5; minutes <= 40; minutes += 5)
      ledger = round(ledger, [failed(2)], ahead + minutes, { chat: false }).ledger
    const set = round(ledger, [failed(2)], 0, { chat: false })
    expect(set.ledger.standing[0]?.before).toEqual({ chat: at(0) })
    expect(set.ledger.unheard['chat']?.triedAt).toBe(at(0))
    expect(keysOf(round(set.ledger, [failed(2)], 60).told['chat']).began).toEqual([failed(2).key])
  })

  it('owes nothing less to one that a test has reached, and knows since when', () => {
    const { ledger } = round(emptyLedger, [missed], 0, { chat: false, mail: false })
    const tested = afterTest(ledger, [
      { name: 'chat', problem: null },
      { name: 'mail', problem: 'it is down' },
    ])
    expect(tested).toEqual({ ...ledger, unheard: { mail: ledger.unheard['mail'] } })
    const next = round(tested, [missed], 5)
    expect(next.told['chat']?.began).toEqual([{ ...missed, since: at(0) }])
  })

  it('may be called like something that every object has', () => {
    const first = round(emptyLedger, [missed], 0, { constructor: true })
    expect(keysOf(first.told['constructor']).began).toEqual([missed.key])
  })

  it('is forgotten with the channel, and when the channel leads elsewhere', () => {
    const known = onlyOf(emptyLedger, { chat: 'a', mail: 'b' })
    const { ledger } = round(known, [missed], 0, { chat: true, mail: false })
    const same = onlyOf(ledger, { chat: 'a', mail: 'b' })
    expect(same).toEqual(ledger)
    const left = onlyOf(ledger, { chat: 'c' })
    expect(left.unheard).toEqual({})
    expect(keysOf(round(left, [missed], 5).told['chat']).began).toEqual([missed.key])
  })
})
