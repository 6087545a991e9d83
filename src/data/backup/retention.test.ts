import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { takenAtOf } from '../catalogue/backup-name.ts'
import type { Backup, Retention } from '../model.ts'
import { backupAt, keepsNothing, proofThat } from '../example.model.ts'
import { spentCopies } from './retention.ts'

const dayMs = 86_400_000
const now = '2026-06-30T12:00:00Z'

const backup = (ageDays: number, proven = true): Backup =>
  backupAt(new Date(Date.parse(now) - ageDays * dayMs).toISOString(), proven ? {} : { proof: null })

const ages = (backups: Backup[]) =>
  backups.map(({ id }) => Math.round((Date.parse(now) - Date.parse(takenAtOf(id))) / dayMs))

const spent = (backups: Backup[], rules: Partial<Retention>) =>
  ages(spentCopies(backups, 'local', { ...keepsNothing, ...rules }, now))

describe('spentCopies', () => {
  const daily = Array.from({ length: 60 }, (_each, age) => backup(age))

  it('keeps what is younger', () => {
    expect(spent([backup(1), backup(6), backup(8), backup(30)], { forMs: 7 * dayMs })).toEqual([
      30, 8,
    ])
  })

  it('keeps the newest so many', () => {
    expect(spent(daily.slice(0, 5), { last: 2 })).toEqual([4, 3, 2])
  })

  it('keeps what any of its rules wants', () => {
    const gone = spent(daily, { daily: 3, weekly: 3, monthly: 2 })
    const kept = ages(daily).filter((age) => !gone.includes(age))
    // 30 June 2026 is a Tuesday: the newest of its week is itself, of the two before it their Sundays.
    expect(kept).toEqual([0, 1, 2, 9, 30])
  })

  it('never removes the newest proven one, nor anything after it', () => {
    const backups = [backup(1, false), backup(2, false), backup(90), backup(100)]
    expect(spent(backups, { forMs: dayMs / 2 })).toEqual([100])
  })

  it('keeps one that could not be proven by its age alone, and the newest of them', () => {
    const failed = (ageDays: number) => ({ ...backup(ageDays), proof: proofThat('failed') })
    const nights = [...[0, 1, 2, 3].map(failed), backup(4), backup(5), backup(6)]
    expect(spent(nights, { forMs: 2.5 * dayMs })).toEqual([6, 5, 3])
    // A good one is not pushed out.
    expect(spent(nights, { last: 2 })).toEqual([6, 3, 2, 1])
    expect(spent([failed(0), backup(0.1), backup(1)], { daily: 2 })).toEqual([])
  })

  it('goes by nothing that a clock has dated later than now, and keeps it', () => {
    const ahead = backup(-200)
    expect(spent([ahead, backup(1), backup(2), backup(3)], { last: 1 })).toEqual([3, 2])
    expect(spent([ahead, backup(1, false), backup(2, false)], { last: 1 })).toEqual([])
  })

  it('keeps the base backup that leads into the time that any moment is wanted of', () => {
    const base = (ageDays: number, history = 'h', good = true): Backup => ({
      ...backup(ageDays),
      ...(good ? {} : { proof: proofThat('failed') }),
      log: { history, stoppedAt: '' },
    })
    const rules = { forMs: 9 * dayMs, reachMs: 7 * dayMs, last: 1 }
    // Those of every day: the rule has nothing to add.
    const daily = Array.from({ length: 20 }, (_each, age) => base(age))
    expect(spent(daily, rules)).toEqual([19, 18, 17, 16, 15, 14, 13, 12, 11, 10])
    // For ten nights there was none.
    expect(spent([base(1), base(12), base(13)], rules)).toEqual([13])
    // Before a restore six days ago, and before one that lies further back.
    expect(spent([base(1, 'b'), base(12, 'a'), base(13, 'a')], rules)).toEqual([13])
    expect(spent([base(1, 'b'), base(12, 'b'), base(13, 'a')], rules)).toEqual([13])
    // Gone back to by an undo, and without a good one since.
    expect(spent([base(1, 'a'), base(12, 'b'), base(13, 'a')], rules)).toEqual([])
    expect(spent([base(1), base(12, 'h', false), base(13)], rules)).toEqual([12])
    // One that was never proven leads there, perhaps.
    const unproven = { ...base(12), proof: null }
    expect(spent([base(1), unproven, base(13), base(14)], rules)).toEqual([14])
    // Begun before the time that is wanted, and whole in it.
    const long = { ...base(8), log: { history: 'h', stoppedAt: now } }
    expect(spent([base(1), long, base(12), base(13)], rules)).toEqual([13])
  })

  it('removes nothing while nothing is proven', () => {
    expect(spent([backup(50, false), backup(90, false)], { last: 1 })).toEqual([])
  })

  it('leaves a proven copy whatever the rules and the backups', () => {
    const some = fc.array(fc.tuple(fc.integer({ min: 0, max: 800 }), fc.boolean()), {
      maxLength: 40,
    })
    const count = fc.option(fc.integer({ min: 1, max: 10 }), { nil: null })
    fc.assert(
      fc.property(some, count, count, count, count, (list, last, days, weeks, months) => {
        const backups = [
          ...new Map(list.map(([age, proven]) => [age, backup(age, proven)])).values(),
        ]
        const rules = { forMs: null, last, daily: days, weekly: weeks, monthly: months }
        const gone = new Set(spentCopies(backups, 'local', rules, now))
        const left = backups.filter((each) => !gone.has(each))
        const hadProof = backups.some((each) => each.proof)
        expect(left.some((each) => each.proof !== null)).toBe(hadProof)
        expect(hadProof || gone.size === 0).toBe(true)
      }),
    )
  })
})
