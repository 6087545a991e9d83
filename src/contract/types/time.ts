import { first, isOn, type ValueType } from './type.ts'

const isoDate: ValueType = {
  origin: 'varlock',
  meaning: 'A date of ISO 8601, with or without a time.',
  options: {},
  sample: '2024-03-20T15:30:00Z',
  format: () => 'a date such as 2024-03-20 or 2024-03-20T15:30:00Z',
  wrong: (value) => {
    const shape = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.exec(value)
    if (!shape) return 'it is no date'
    // `2024-02-31` would become a day of March.
    const day = new Date(`${shape[1]}T00:00:00Z`)
    const real = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(shape[1]!)
    return real && !Number.isNaN(Date.parse(value)) ? null : 'there is no such day or time'
  },
}

const millisecondsOf: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** Units by any of their usual names. */
const unitOf = (word: string): string | null => {
  if (/^(ms|milliseconds?|millis)$/.test(word)) return 'ms'
  const match = /^(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)$/.exec(word)
  return match ? match[1]![0]! : null
}

/** No duration that anybody writes is longer. */
const durationLengthMax = 100

/** Milliseconds in `1h`, `500ms`, `2days`, `1h30m` or a bare number of them; null for anything else. */
const durationMs = (text: string): number | null => {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  if (text.length > durationLengthMax) return null
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?) ?([a-z]+)/gi)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return null
  const sums = parts.map(([, count, word]) => {
    const unit = unitOf(word!.toLowerCase())
    return unit === null ? Number.NaN : Number(count) * millisecondsOf[unit]!
  })
  const sum = sums.reduce((left, right) => left + right, 0)
  return Number.isNaN(sum) ? null : sum
}

const duration: ValueType = {
  origin: 'varlock',
  meaning: 'A duration: `500ms`, `30s`, `15m`, `1h`, `2days`, or a bare number of milliseconds.',
  options: {
    min: { kind: 'duration', meaning: 'the least' },
    max: { kind: 'duration', meaning: 'the most' },
    output: { kind: 'text', meaning: 'no effect: values are not converted' },
    unit: { kind: 'boolean', meaning: 'a bare number is refused, since apps take it differently' },
  },
  sample: '30s',
  format: (use) =>
    [
      'a duration such as 30s or 15m',
      ...(use.options['min'] ? [`of at least ${String(use.options['min'])}`] : []),
      ...(use.options['max'] ? [`of at most ${String(use.options['max'])}`] : []),
    ].join(' '),
  wrong: (value, use) => {
    const is = durationMs(value)
    if (is === null) return 'it is no duration'
    const bound = (name: string) => durationMs(String(use.options[name] ?? ''))
    return first(
      isOn(use, 'unit') && /^[\d.]+$/.test(value) && 'it has no unit',
      is < (bound('min') ?? 0) && `it is shorter than ${String(use.options['min'])}`,
      is > (bound('max') ?? Infinity) && `it is longer than ${String(use.options['max'])}`,
    )
  },
}

type Field = { name: string; min: number; max: number; names: string[] }

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const days = 'sun mon tue wed thu fri sat'.split(' ')
const fields: Field[] = [
  { name: 'second', min: 0, max: 59, names: [] },
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day of the month', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: months },
  { name: 'day of the week', min: 0, max: 7, names: days },
]

const pointOf = (text: string, { names, min }: Field): number | null => {
  if (/^\d{1,2}$/.test(text)) return Number(text)
  const index = names.indexOf(text.toLowerCase())
  return index < 0 ? null : index + min
}

const isField = (text: string, field: Field): boolean =>
  text.split(',').every((part) => {
    const match = /^(?:(\*)|([0-9a-z]+)(?:-([0-9a-z]+))?)(?:\/(\d{1,2}))?$/i.exec(part)
    if (!match) return false
    if (match[4] !== undefined && Number(match[4]) === 0) return false
    if (match[1]) return true
    const from = pointOf(match[2]!, field)
    const to = match[3] === undefined ? from : pointOf(match[3], field)
    return from !== null && to !== null && from >= field.min && from <= to && to <= field.max
  })

const cron: ValueType = {
  origin: 'zarpe',
  meaning: 'When something runs, as in a crontab: minute, hour, day, month, day of the week.',
  options: { seconds: { kind: 'boolean', meaning: 'six fields, the first being seconds' } },
  sample: '0 3 * * mon-fri',
  format: (use) =>
    isOn(use, 'seconds') ? 'six fields such as 0 0 3 * * *' : 'five fields such as 0 3 * * *',
  wrong: (value, use) => {
    if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(value)) return null
    const wanted = isOn(use, 'seconds') ? fields : fields.slice(1)
    const parts = value.trim().split(/\s+/)
    if (parts.length !== wanted.length)
      return `it has ${parts.length} fields instead of ${wanted.length}`
    const bad = wanted.find((field, index) => !isField(parts[index]!, field))
    return bad ? `its ${bad.name} is none` : null
  },
}

export const timeTypes = { isoDate, duration, zarpe_cron: cron } satisfies Record<string, ValueType>
