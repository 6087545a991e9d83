import { timeOf } from '../../config/time.ts'
import { parseDuration } from '../../config/units.ts'
import { Problem } from '../../problem/problem.ts'
import type { Moment } from '../engine.ts'

const today = /^\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$/
const words =
  /(\d+)\s*(?:(s)(?:ec(?:ond)?s?)?|(m)(?:in(?:ute)?s?)?|(h)(?:(?:ou)?rs?)?|(d)(?:ays?)?)(?![a-z])\s*/gy

/**
 * A moment as a person writes it: `latest`, how long ago (`10m`, `1h30m ago`, `2 minutes ago`), or a time, which without a zone
 * is of the machine that it is written on, and without a day is today's. Throws a `Problem` for anything else and for what is
 * still to come.
 */
export const parseMoment = (text: string, now: Date): Moment => {
  const word = text.trim()
  if (word === 'latest') return word
  const ago = parseDuration(shortened(word.replace(/\s+ago$/, '')))
  const time = today.test(word) ? `${dayOf(now)}T${word}` : word
  const at = ago === null ? timeOf(time, 'here') : now.getTime() - ago
  // Dates begin and end somewhere.
  if (at === null || Number.isNaN(new Date(at).getTime())) throw noMoment(text)
  if (at > now.getTime()) throw stillToCome(text, now)
  return new Date(at).toISOString().replace(/Z$/, `${microsIn(word)}Z`)
}

/** What a time says beyond the millisecond: whoever gives that of a commit means to have it. */
const microsIn = (word: string): string => /\.\d{3}(\d{1,3})/.exec(word)?.[1]?.padEnd(3, '0') ?? ''

/** `2 minutes` as `2m`; anything else as it is. */
const shortened = (text: string): string => {
  const parts = [...text.matchAll(words)]
  const isAll = parts.reduce((length, [part]) => length + part.length, 0) === text.length
  return isAll
    ? parts
        .map(([, count, ...units]) => `${count}${units.find((unit) => unit !== undefined)}`)
        .join('')
    : text
}

const dayOf = (now: Date) => {
  const two = (count: number) => String(count).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

const forms = [
  '--to "2026-01-31 10:15:00"',
  '--to 10:15',
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
