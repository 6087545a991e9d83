import { expect, test } from 'vitest'
import { orderOf } from './run.ts'
import { countText, createTally, latencyOf } from './tally.ts'

test('reads percentiles off the histogram', () => {
  const histogram = new Uint32Array(101)
  for (let ms = 1; ms <= 100; ms++) histogram[ms] = 1
  expect(latencyOf(histogram)).toEqual({ p50: 50, p99: 99, max: 100 })
  expect(latencyOf(new Uint32Array(10))).toEqual({ p50: 0, p99: 0, max: 0 })
})

test('counts every request once, and who answered when', () => {
  let now = 1_000
  const tally = createTally(() => now)
  for (const release of ['1', '1', '2']) {
    tally.sent('get-new')
    tally.ok('get-new', release, 5)
    now += 10
  }
  tally.sent('post-new')
  tally.failed('post-new', 'status 502')
  const report = tally.report()
  expect(report.total).toEqual({ sent: 4, ok: 3, failed: 1, errors: { 'status 502': 1 } })
  expect(report.releases).toEqual({
    1: { answers: 2, firstMs: 0, lastMs: 10 },
    2: { answers: 1, firstMs: 20, lastMs: 20 },
  })
  expect(report.failures).toEqual([{ atMs: 30, kind: 'post-new', text: 'status 502' }])
})

test('keeps a bounded number of texts', () => {
  const counts: Record<string, number> = {}
  for (let index = 0; index < 100; index++) countText(counts, `error ${index}`)
  expect(Object.keys(counts).length).toBe(31)
  expect(counts.other).toBe(70)
})

test('spreads the kinds evenly, and leaves HTTP/2 out where there is no TLS', () => {
  expect(orderOf({ 'get-new': 2, 'post-new': 1 }, true)).toEqual(['get-new', 'post-new', 'get-new'])
  expect(orderOf({ 'get-new': 1, 'get-http2': 5 }, false)).toEqual(['get-new'])
})
