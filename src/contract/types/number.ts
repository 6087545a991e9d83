import { first, isOn, numberOf, type Use, type ValueType } from './type.ts'

const decimal = /^[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?$/

const number: ValueType = {
  origin: 'varlock',
  meaning: 'A number.',
  options: {
    min: { kind: 'number', meaning: 'the least' },
    max: { kind: 'number', meaning: 'the most' },
    isInt: { kind: 'boolean', meaning: 'it must be whole' },
    precision: { kind: 'number', meaning: 'most digits after the point' },
    isDivisibleBy: { kind: 'number', meaning: 'what it is a multiple of' },
    coerceToMinMaxRange: { kind: 'boolean', meaning: 'no effect: values are not changed' },
  },
  sample: '42',
  format: (use) =>
    `${isOn(use, 'isInt') || numberOf(use, 'precision') === 0 ? 'a whole number' : 'a number'}${rangeWords(use)}`,
  wrong: (value, use) => {
    if (!decimal.test(value)) return 'it is no number'
    const is = Number(value)
    const places = (/\.(\d+)/.exec(value)?.[1] ?? '').length
    const divisor = numberOf(use, 'isDivisibleBy')
    return first(
      outOf(is, use),
      isOn(use, 'isInt') && !Number.isInteger(is) && 'it is not whole',
      places > (numberOf(use, 'precision') ?? Infinity) &&
        `it has ${places} digits after the point, more than ${numberOf(use, 'precision')}`,
      divisor !== null && divisor !== 0 && is % divisor !== 0 && `it is no multiple of ${divisor}`,
    )
  },
}

const port: ValueType = {
  origin: 'varlock',
  meaning: 'The number of a port, 0 to 65535.',
  options: {
    min: { kind: 'number', meaning: 'the least' },
    max: { kind: 'number', meaning: 'the most' },
  },
  sample: '8000',
  format: (use) => `a port${rangeWords(use) || ' from 1 to 65535'}`,
  wrong: (value, use) => {
    if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) return 'it is no port'
    return outOf(Number(value), use)
  },
}

const bytesOf: Record<string, number> = {
  '': 1,
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
}

/** Bytes in `64M`, `1.5GiB` or `1048576`, units being binary; null for anything else. */
const bytes = (text: string): number | null => {
  const match = /^(\d+(?:\.\d+)?) ?(?:(b)|([kmgt])i?b?)?$/i.exec(text)
  return match ? Number(match[1]) * bytesOf[(match[2] ?? match[3] ?? '').toLowerCase()]! : null
}

const size: ValueType = {
  origin: 'zarpe',
  meaning: 'An amount of bytes: `1048576`, `64M`, `1.5GiB`. Units are binary.',
  options: {
    min: { kind: 'text', meaning: 'the least, in the same notation' },
    max: { kind: 'text', meaning: 'the most' },
    plain: { kind: 'boolean', meaning: 'only digits, for an app that reads a bare number' },
  },
  sample: '64M',
  format: (use) =>
    `${isOn(use, 'plain') ? 'a number of bytes such as 67108864' : 'an amount of bytes such as 64M'}${rangeWords(use)}`,
  wrong: (value, use) => {
    const is = bytes(value)
    if (is === null) return 'it is no amount of bytes'
    const bound = (name: string) => bytes(String(use.options[name] ?? ''))
    return first(
      isOn(use, 'plain') && !/^\d+$/.test(value) && 'it has a unit or a point',
      is < (bound('min') ?? 0) && `it is less than ${String(use.options['min'])}`,
      is > (bound('max') ?? Infinity) && `it is more than ${String(use.options['max'])}`,
    )
  },
}

export const numberTypes = { number, port, zarpe_size: size } satisfies Record<string, ValueType>

const outOf = (is: number, use: Use): string | null =>
  first(
    is < (numberOf(use, 'min') ?? -Infinity) && `it is less than ${numberOf(use, 'min')}`,
    is > (numberOf(use, 'max') ?? Infinity) && `it is more than ${numberOf(use, 'max')}`,
  )

const rangeWords = (use: Use): string => {
  const { min, max } = use.options
  if (min !== undefined && max !== undefined) return ` from ${String(min)} to ${String(max)}`
  if (min !== undefined) return ` of at least ${String(min)}`
  return max === undefined ? '' : ` of at most ${String(max)}`
}
