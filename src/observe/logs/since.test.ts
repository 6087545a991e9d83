import { afterEach, describe, expect, it, vi } from 'vitest'
import { sinceOf } from './since.ts'

const now = Date.parse('2026-01-31T12:00:00Z')
const at = (text: string) => new Date(sinceOf(text, now)).toISOString()

afterEach(() => vi.unstubAllEnvs())

describe('--since', () => {
  it('is a duration, or a time that is in UTC wherever it is written', () => {
    vi.stubEnv('TZ', 'America/New_York')
    expect(new Date(2026, 0, 1).getTimezoneOffset()).toBe(300)
    expect(at('10m')).toBe('2026-01-31T11:50:00.000Z')
    expect(at('2026-01-31T10:15')).toBe('2026-01-31T10:15:00.000Z')
    expect(at('2026-01-31 10:15:30')).toBe('2026-01-31T10:15:30.000Z')
    expect(at('2026-01-31T10:15:30Z')).toBe('2026-01-31T10:15:30.000Z')
    expect(at('2026-01-31')).toBe('2026-01-31T00:00:00.000Z')
    expect(at('2026-01-31T10:15+01:00')).toBe('2026-01-31T09:15:00.000Z')
  })

  it.each(['', 'yesterday', '5', '2026-02-30T10:00', '2026-01-31T25:00', '10:15'])(
    'is not %j',
    (text) => expect(() => sinceOf(text, now)).toThrow('config/bad-time'),
  )
})
