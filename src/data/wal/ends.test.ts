import { describe, expect, it } from 'vitest'
import { endsAsGood, isBy } from './ends.ts'
import type { Archive } from './model.ts'

const at = (hour: number) => `2026-01-31T${String(hour).padStart(2, '0')}:00:00.000Z`

const reached = (through: string) => ({ last: null, through, problem: null })

const archive = {
  history: 'bbbbbbbbbbbb',
  through: at(12),
  stores: { box: reached(at(11)) },
  past: [{ history: 'aaaaaaaaaaaa', through: at(6), stores: { box: reached(at(4)) } }],
} as unknown as Archive

const ends = (history: string, store: string, to: string | null) =>
  endsAsGood(archive, history, store, to)

describe('the end of a log', () => {
  it('is as good as any moment up to which all was archived', () => {
    expect(ends('bbbbbbbbbbbb', 'local', at(12))).toBe(true)
    expect(ends('bbbbbbbbbbbb', 'local', at(13))).toBe(false)
    expect(ends('bbbbbbbbbbbb', 'box', at(12))).toBe(false)
    expect(ends('bbbbbbbbbbbb', 'other', at(1))).toBe(false)
  })

  it('of a history that ended is not as good as what came after it, nor what a store never got', () => {
    expect(ends('aaaaaaaaaaaa', 'local', at(6))).toBe(true)
    expect(ends('aaaaaaaaaaaa', 'local', at(7))).toBe(false)
    expect(ends('aaaaaaaaaaaa', 'box', at(6))).toBe(false)
  })

  it('is none where nobody knows of it, and does where no time is meant', () => {
    expect(ends('cccccccccccc', 'local', at(1))).toBe(false)
    expect(endsAsGood(null, 'bbbbbbbbbbbb', 'local', at(1))).toBe(false)
    expect(endsAsGood(null, 'bbbbbbbbbbbb', 'local', 'latest')).toBe(true)
  })
})

describe('two times', () => {
  it('are compared beyond the millisecond', () => {
    const [one, later] = ['2026-01-31T10:00:00.123Z', '2026-01-31T10:00:00.123456Z']
    expect([isBy(one, later), isBy(later, one), isBy(later, later)]).toEqual([true, false, true])
    expect(isBy(later, '2026-01-31T10:00:00.124Z')).toBe(true)
    expect(isBy('2026-01-31T10:00:00Z', one)).toBe(true)
  })
})
