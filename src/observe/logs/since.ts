import { timeOf } from '../../config/time.ts'
import { parseDuration } from '../../config/units.ts'
import { Problem } from '../../problem/problem.ts'

/**
 * From when on lines are asked for, in milliseconds since the epoch. A time without a zone is in UTC, as the times are that stand
 * before the lines: one of them can be copied as it is.
 */
export const sinceOf = (text: string, now: number): number => {
  const word = text.trim()
  const duration = parseDuration(word)
  const day = /^\d{4}-\d{2}-\d{2}$/.test(word) ? `${word}T00:00` : word
  const time = duration === null ? timeOf(day, 'UTC') : now - duration
  if (time !== null && !Number.isNaN(time)) return time
  throw new Problem({
    code: 'config/bad-time',
    summary: 'A time could not be understood.',
    detail: `--since ${JSON.stringify(text)} is neither a duration nor a time.`,
    fix: ['--since 10m', '--since 2026-01-31T12:00    # in UTC', '--since 2026-01-31T12:00+01:00'],
  })
}
