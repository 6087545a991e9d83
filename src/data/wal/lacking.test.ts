import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lackingOf } from './lacking.ts'
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

describe('what a store lacks of a log', () => {
  it('is all of it at first, and what came since later', () => {
    const local = names(3, 4, 5, 6)
    expect(lackingOf(log(3, 6), null, local)).toEqual({ lacking: local, gone: null })
    expect(lackingOf(log(3, 6), named(4), local)).toEqual({ lacking: names(5, 6), gone: null })
    expect(lackingOf(log(3, 6), named(6), local)).toEqual({ lacking: [], gone: null })
    expect(lackingOf(log(3, null), null, [])).toEqual({ lacking: [], gone: null })
  })

  it('begins with what is still there, of a store that came late or was away for long', () => {
    const local = names(250, 251, 252)
    expect(lackingOf(log(3, 252), null, local)).toEqual({ lacking: local, gone: null })
    expect(lackingOf(log(3, 252), named(100), local)).toEqual({ lacking: local, gone: null })
    expect(lackingOf(log(3, 252), named(251), local)).toEqual({ lacking: names(252), gone: null })
  })

  it('ends where something is missing that what follows needs', () => {
    expect(lackingOf(log(3, 7), null, names(3, 4, 6, 7))).toEqual({
      lacking: names(3, 4),
      gone: named(5),
    })
    expect(lackingOf(log(3, 7), named(4), names(3, 4))).toEqual({ lacking: [], gone: named(7) })
  })

  it('is without a gap, ends with the last or says what is gone, and has nothing twice', () => {
    fc.assert(
      fc.property(
        fc.nat(20),
        fc.nat(20),
        fc.option(fc.nat(30)),
        fc.array(fc.nat(40)),
        (first, more, sent, there) => {
          const last = first + more
          const known = sent === null || sent < first || sent > last ? null : named(sent)
          const { lacking, gone } = lackingOf(log(first, last), known, names(...there))
          expect(lacking).toEqual([...new Set(lacking)].toSorted())
          expect(lacking.every((name) => names(...there).includes(name))).toBe(true)
          for (const [at, name] of lacking.slice(1).entries())
            expect(BigInt(`0x${name}`)).toBe(BigInt(`0x${lacking[at]!}`) + 1n)
          const end = lacking.at(-1) ?? known
          expect(gone === null ? end : names(...there).includes(gone)).toBe(
            gone === null ? named(last) : false,
          )
        },
      ),
    )
  })
})
