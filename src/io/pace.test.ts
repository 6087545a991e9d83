import { expect, it } from 'vitest'
import { paceOf } from './pace.ts'

const signal = new AbortController().signal

/** A clock that nobody but who sleeps moves on. */
const clocked = (rate: number | undefined) => {
  let ms = 0
  const clock = { now: () => ms, sleep: async (wait: number) => void (ms += wait) }
  const pace = paceOf(rate, clock)
  return { pace, pass: (wait: number) => (ms += wait), ms: () => ms }
}

it('takes as long as the bytes do at their rate, however they are cut', async () => {
  for (const piece of [1, 100, 4_000, 1_000_000]) {
    const { pace, ms } = clocked(1_000_000)
    for (let sent = 0; sent < 4_000_000; sent += piece) await pace(piece, signal)
    expect(ms()).toBeGreaterThan(3_970)
    expect(ms()).toBeLessThanOrEqual(4_000)
  }
})

it('gives nothing for what was not used', async () => {
  const { pace, pass, ms } = clocked(1_000)
  await pace(1_000, signal)
  pass(60_000)
  await pace(2_000, signal)
  expect(ms()).toBe(63_000)
})

it('holds all who share it together', async () => {
  const slept: number[] = []
  const clock = { now: () => 0, sleep: async (ms: number) => void slept.push(ms) }
  const pace = paceOf(1_000, clock)
  await Promise.all([pace(500, signal), pace(500, signal), pace(500, signal)])
  expect(slept).toEqual([500, 1_000, 1_500])
})

it('makes nobody wait without a number', async () => {
  const { pace, ms } = clocked(undefined)
  await pace(1e12, signal)
  expect(ms()).toBe(0)
})

it('ends with the signal', async () => {
  const controller = new AbortController()
  const waiting = paceOf(1)(1_000_000, controller.signal)
  const reason = new Error('it took too long')
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
})
