import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { problemsOf } from '../../problem/problem.ts'
import { backupId } from '../catalogue/backup-name.ts'
import { chainOf, nearestStore, storesWith, toBuildOn } from './chain.ts'
import { baseAt, keepsNothing, proofThat, stored } from '../example.model.ts'
import type { Backup, Copy } from '../model.ts'
import { momentsSince, newestProven, newestToRestore } from '../catalogue/newest.ts'
import { spentCopies } from './retention.ts'

const dayMs = 86_400_000
const dayAt = (day: number) => new Date(Date.parse('2026-03-01T02:00:00Z') + day * dayMs)
const idOf = (day: number) => backupId('main-base', dayAt(day).toISOString())

const refused: Copy = { state: 'failed', at: '', problem: 'it was away' }

/** The base backup of a day, which builds on that of another one. */
const base = (
  day: number,
  after: number | null = null,
  { outcome = 'proven', ...more }: Partial<Backup> & { outcome?: 'proven' | 'failed' } = {},
): Backup =>
  baseAt(dayAt(day).toISOString(), {
    log: {
      history: 'h',
      stoppedAt: String(day),
      ...(after === null ? {} : { after: idOf(after) }),
    },
    copies: { local: stored, box: stored },
    proof: proofThat(outcome),
    ...more,
  })

const local = { copies: { local: stored } }

const idsOf = (backups: Backup[]) => backups.map(({ id }) => id)

describe('what a base backup builds on', () => {
  it('is found back to the full one', () => {
    const all = [base(3, 2), base(1), base(2, 1)]
    expect(idsOf(chainOf(all, all[0]!))).toEqual([idOf(1), idOf(2), idOf(3)])
    expect(idsOf(chainOf(all, all[1]!))).toEqual([idOf(1)])
  })

  it('is told of where it is not known, leads forwards or in a ring', () => {
    for (const all of [[base(3, 2)], [base(3, 4), base(4)], [base(3, 2), base(2, 3)]]) {
      const code = () => {
        try {
          return chainOf(all, all[0]!).length
        } catch (error) {
          return problemsOf(error)[0]!.code
        }
      }
      expect(code()).toBe('data/broken-chain')
      expect(storesWith(all, all[0]!)).toEqual([])
    }
  })

  it('must be in the store that it is restored from', () => {
    const all = [base(1, null, { copies: { box: stored, local: refused } }), base(2, 1)]
    expect(storesWith(all, all[1]!)).toEqual(['box'])
    expect(nearestStore(all, all[1]!)).toBe('box')
  })
})

describe('the newest that is any good', () => {
  it('is none whose chain is broken or has a bad link', () => {
    const bad = [base(1), base(2), base(3, 2), base(4, 2)]
    bad[1] = base(2, null, { outcome: 'failed' })
    expect(newestProven(bad, 'main-base', dayAt(9).toISOString())?.id).toBe(idOf(1))
    expect(newestToRestore(bad, bad, dayAt(9).toISOString())?.id).toBe(idOf(1))
    expect(momentsSince([base(3, 2), base(4)], 'h')).toBe('4')
    const gone = [base(1), base(2, null, { copies: { box: stored } }), base(3, 2, local)]
    expect(newestProven(gone, 'main-base', dayAt(9).toISOString())?.id).toBe(idOf(2))
  })
})

describe('the next base backup', () => {
  const next = (backups: Backup[], day: number, are: 'differential' | 'incremental') =>
    toBuildOn(backups, {
      ...{ dataset: 'main-base', history: 'h', stores: ['local', 'box'] },
      ...{ now: dayAt(day).getTime(), fullEveryMs: 7 * dayMs, are },
    })?.id ?? null
  const full = base(0)
  const week = [full, base(1, 0), base(2, 1)]

  it('builds on the full one, or on the one before', () => {
    expect(next([full], 1, 'differential')).toBe(idOf(0))
    expect(next(week, 3, 'differential')).toBe(idOf(0))
    expect(next(week, 3, 'incremental')).toBe(idOf(2))
  })

  it('builds on none that a clock has dated later than now', () => {
    expect(next([full, base(5)], 3, 'differential')).toBe(null)
  })

  it('is a full one where there is none, or it is too old', () => {
    expect(next([], 1, 'differential')).toBe(null)
    expect(next(week, 6, 'incremental')).toBe(idOf(2))
    expect(next(week, 7, 'incremental')).toBe(null)
    expect(
      next([base(0, null, { log: { history: 'other', stoppedAt: '' } })], 1, 'differential'),
    ).toBe(null)
  })

  it('is a full one after one that could not be proven, lest every night fails', () => {
    expect(next([full, base(1, 0, { outcome: 'failed' })], 2, 'differential')).toBe(null)
    expect(next([full, base(1, 0, { proof: null })], 2, 'differential')).toBe(null)
  })

  it('waits for no store that is away, and is a full one for a store that never had the other', () => {
    const away = { copies: { local: stored, box: refused } }
    expect(next([base(0, null, away)], 1, 'differential')).toBe(idOf(0))
    expect(next([base(0, null, { copies: { local: stored } })], 1, 'differential')).toBe(null)
    expect(next([base(0, null, { copies: { box: stored } })], 1, 'differential')).toBe(null)
  })
})

describe('retention', () => {
  it('never takes away what one that stays builds on, in any store', () => {
    const nights = fc.array(
      fc.record({
        kind: fc.constantFrom('full', 'differential', 'incremental'),
        outcome: fc.constantFrom('proven' as const, 'proven' as const, 'failed' as const),
        box: fc.constantFrom(stored, stored, refused),
      }),
      { minLength: 1, maxLength: 30 },
    )
    fc.assert(
      fc.property(nights, fc.integer({ min: 1, max: 20 }), (given, days) => {
        let full = 0
        const all = given.map(({ kind, outcome, box }, day) => {
          const after =
            day === 0 || kind === 'full' ? null : kind === 'differential' ? full : day - 1
          if (after === null) full = day
          return base(day, after, { outcome, copies: { local: stored, box } })
        })
        const now = dayAt(given.length).toISOString()
        for (const store of ['local', 'box']) {
          const rules = { ...keepsNothing, forMs: days * dayMs }
          const spent = new Set(spentCopies(all, store, rules, now))
          const left = all.filter((each) => !spent.has(each))
          for (const each of left) for (const one of chainOf(all, each)) expect(left).toContain(one)
        }
      }),
    )
  })
})
