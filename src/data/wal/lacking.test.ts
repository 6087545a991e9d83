import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lackingOf, leftOf } from './lacking.ts'
import type { Log } from './model.ts'
import { segmentName } from './segments.ts'

const segmentBytes = 16 * 1024 * 1024
const named = (number: number) => segmentName({ timeline: 1, number: BigInt(number) }, segmentBytes)
const log = (first: number, last: number | null): Log => ({
  history: 'a'.repeat(12),
  timeline: 1,
  segmentBytes,
  first: named(first),
  last: last === null ? null : named(last),
  sealedFor: null,
  through: null,
  stores: {},
})
const names = (...numbers: number[]) => numbers.map(named)

const lacks = (of: Log, sent: string | null, local: string[], needed: string | null = null) =>
  lackingOf(of, { sent, local, needed })

describe('what a store lacks of a log', () => {
  it('is all of it at first, and what came since later', () => {
    const local = names(3, 4, 5, 6)
    expect(lacks(log(3, 6), null, local)).toEqual({ lacking: local, gone: null })
    expect(lacks(log(3, 6), named(4), local)).toEqual({ lacking: names(5, 6), gone: null })
    expect(lacks(log(3, 6), named(6), local)).toEqual({ lacking: [], gone: null })
    expect(lacks(log(3, null), null, [])).toEqual({ lacking: [], gone: null })
  })

  it('begins with what is still needed, of a store that came late or was away for long', () => {
    const local = names(250, 251, 252)
    const of = log(3, 252)
    for (const sent of [null, named(100)])
      expect(lacks(of, sent, local, named(250))).toEqual({ lacking: local, gone: null })
    expect(lacks(of, named(251), local, named(250))).toEqual({ lacking: names(252), gone: null })
  })

  it('ends where something is missing that a base backup needs, again and again', () => {
    const local = names(3, 4, 6, 7)
    const found = { lacking: names(3, 4), gone: named(5) }
    for (const needed of [null, named(3)]) {
      expect(lacks(log(3, 7), null, local, needed)).toEqual(found)
      expect(lacks(log(3, 7), named(4), local, needed)).toEqual({ lacking: [], gone: named(5) })
    }
    expect(lacks(log(3, 7), null, names(4, 5, 6, 7), named(3))).toEqual({
      lacking: [],
      gone: named(3),
    })
  })

  it('that has ended is whatever there is', () => {
    const [local, sent] = [names(3, 4, 6, 7), named(3)]
    expect(leftOf(log(3, 7), { sent, local })).toEqual(names(4, 6, 7))
    expect(leftOf(log(3, null), { sent: null, local })).toEqual([])
  })

  it('has no gap in it, and ends with the last or says what is gone', () => {
    const number = fc.nat(40)
    fc.assert(
      fc.property(
        fc.nat(20),
        fc.nat(20),
        fc.option(number),
        fc.option(number),
        fc.array(number),
        (first, more, sent, needed, there) => {
          const last = first + more
          const known = sent === null || sent < first || sent > last ? null : named(sent)
          const local = names(...there)
          const { lacking, gone } = lacks(
            log(first, last),
            known,
            local,
            needed === null ? null : named(needed),
          )
          expect(lacking.every((name) => local.includes(name))).toBe(true)
          for (const [at, name] of lacking.slice(1).entries())
            expect(BigInt(`0x${name}`)).toBe(BigInt(`0x${lacking[at]!}`) + 1n)
          if (gone !== null) expect(local).not.toContain(gone)
          else if (lacking.length > 0) expect(lacking.at(-1)).toBe(named(last))
        },
      ),
    )
  })
})
