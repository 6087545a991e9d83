import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  lsnText,
  numberAt,
  parseLsn,
  segmentName,
  segmentOf,
  startOf,
  wholeSegments,
} from './segments.ts'

const usual = 16 * 1024 * 1024
const sizes = [1, 16, 64, 1024].map((mib) => mib * 1024 * 1024)

describe('a position in the log', () => {
  it('is read as PostgreSQL writes it', () => {
    expect(parseLsn('16/B374D848')).toBe(0x16_b374_d848n)
    expect(parseLsn('0/0')).toBe(0n)
    for (const text of ['', '0', '0/', '/1', '0/123456789', 'x/1', '0/1 '])
      expect(parseLsn(text)).toBe(null)
  })

  it('is written as it was read', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (lsn) => {
        expect(parseLsn(lsnText(lsn))).toBe(lsn)
      }),
    )
  })
})

describe('a segment', () => {
  // As pg_walfile_name() of PostgreSQL 17 says: 16/B374D848 is in 0000000100000016000000B3.
  it('has the name that the server gives it', () => {
    const number = numberAt(parseLsn('16/B374D848')!, usual)
    expect(segmentName({ timeline: 1, number }, usual)).toBe('0000000100000016000000B3')
    expect(segmentName({ timeline: 42, number: 0n }, usual)).toBe('0000002A0000000000000000')
  })

  it('is known by its name, for every size, and names sort as positions do', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...sizes),
        fc.integer({ min: 1, max: 0xffff_ffff }),
        fc.bigInt({ min: 0n, max: 1n << 40n }),
        (size, timeline, lsn) => {
          const number = numberAt(lsn, size)
          const name = segmentName({ timeline, number }, size)
          expect(segmentOf(name, size)).toEqual({ timeline, number })
          expect(segmentName({ timeline, number: number + 1n }, size) > name).toBe(true)
          expect(numberAt(startOf(number, size), size)).toBe(number)
        },
      ),
    )
  })

  it('is none of what else lies in pg_wal', () => {
    for (const name of [
      '00000002.history',
      '000000010000000000000003.partial',
      '000000010000000000000003.00000028.backup',
      'archive_status',
      // Of a log of 4 GiB with segments of 16 MiB, FF is the last.
      '000000010000000000000100',
    ])
      expect(segmentOf(name, usual)).toBe(null)
  })
})

describe('whole segments', () => {
  it('end before the one in which the log goes on', () => {
    const flushed = startOf(5n, usual)
    const numbers = (at: bigint) =>
      wholeSegments({ timeline: 1, first: 3n, flushed: at }, usual).map(({ number }) => number)
    expect(numbers(flushed)).toEqual([3n, 4n])
    expect(numbers(flushed - 1n)).toEqual([3n])
    expect(numbers(flushed + 24n)).toEqual([3n, 4n])
    expect(numbers(startOf(3n, usual))).toEqual([])
  })
})
