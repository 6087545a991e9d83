import { parseDuration } from '../config/units.ts'
import { Problem } from '../problem/problem.ts'
import type { Moment } from './engine.ts'

const zoned = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})$/
const plain = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$/

/**
 * A moment as a person writes it: `latest`, how long ago (`10m`, `1h30m ago`), or a time, which without a zone is of the
 * machine that it is written on. Throws a `Problem` for anything else and for what is still to come.
 */
export const parseMoment = (text: string, now: Date): Moment => {
  const word = text.trim()
  if (word === 'latest') return word
  const ago = parseDuration(word.replace(/\s+ago$/, ''))
  const at = ago === null ? timeOf(word) : now.getTime() - ago
  if (at === null || Number.isNaN(at)) throw noMoment(text)
  if (at > now.getTime()) throw stillToCome(text, now)
  return new Date(at).toISOString()
}

const timeOf = (word: string): number | null =>
  zoned.test(word) || plain.test(word) ? Date.parse(word.replace(' ', 'T')) : null

const forms = [
  '--to "2026-01-31 10:15:00"',
  '--to 2026-01-31T10:15:00Z',
  '--to "20m ago"',
  '--to latest',
]

const noMoment = (text: string) =>
  new Problem({
    code: 'cli/bad-moment',
    summary: 'This is no moment.',
    detail: `"${text}" is neither a time, nor how long ago, nor "latest".`,
    fix: forms,
  })

const stillToCome = (text: string, now: Date) =>
  new Problem({
    code: 'cli/bad-moment',
    summary: 'This moment is still to come.',
    detail: `"${text}" is after ${now.toISOString()}.`,
    fix: forms,
  })
