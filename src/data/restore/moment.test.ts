import { describe, expect, it } from 'vitest'
import { parseMoment } from './moment.ts'

const now = new Date('2026-01-31T12:00:00.000Z')

describe('a moment', () => {
  it('is a time, with a zone or of this machine', () => {
    expect(parseMoment('2026-01-31T10:15:00Z', now)).toBe('2026-01-31T10:15:00.000Z')
    expect(parseMoment('2026-01-31 10:15:00.250+02:00', now)).toBe('2026-01-31T08:15:00.250Z')
    expect(parseMoment('2026-01-31 10:15:00.123456+02', now)).toBe('2026-01-31T08:15:00.123456Z')
    expect(parseMoment('2026-01-31T10:15:00.1234Z', now)).toBe('2026-01-31T10:15:00.123400Z')
    expect(parseMoment('2026-01-30 10:15', now)).toBe(new Date(2026, 0, 30, 10, 15).toISOString())
  })

  it('is so long ago, or the last there is', () => {
    expect(parseMoment('20m ago', now)).toBe('2026-01-31T11:40:00.000Z')
    expect(parseMoment('1h30m', now)).toBe('2026-01-31T10:30:00.000Z')
    expect(parseMoment('2 minutes ago', now)).toBe('2026-01-31T11:58:00.000Z')
    expect(parseMoment('1 day 2 hours ago', now)).toBe('2026-01-30T10:00:00.000Z')
    expect(parseMoment('90 min', now)).toBe('2026-01-31T10:30:00.000Z')
    expect(parseMoment(' latest ', now)).toBe('latest')
  })

  it('is a time of today, by the clock of this machine', () => {
    const noon = new Date(2026, 0, 31, 12)
    expect(parseMoment('10:15', noon)).toBe(new Date(2026, 0, 31, 10, 15).toISOString())
    expect(parseMoment('10:15:30', noon)).toBe(new Date(2026, 0, 31, 10, 15, 30).toISOString())
    expect(() => parseMoment('12:01', noon)).toThrow(/still to come/)
  })

  it.each([
    '',
    'yesterday',
    '10',
    '2 fortnights ago',
    '2 minutes to go',
    '25:00',
    '1 dec',
    '12 may',
    '2 mours',
    '5 sin',
    '3 hays',
    '99999999999 d',
    '2025-02-30 10:00',
    '2025-04-31 10:00',
    '2026-01-31',
    '2026-13-31 10:15',
    '2026-02-01T00:00Z',
  ])('is not %j', (text) => {
    expect(() => parseMoment(text, now)).toThrow(/moment/)
  })
})
