import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDotenv } from '../app/dotenv.ts'
import { dotenvLine, withValue } from './dotenv-edit.ts'

const anyText = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .map((text) => text.replaceAll('\0', ''))
const sharp = fc
  .array(
    fc.constantFrom(
      '"',
      "'",
      '`',
      '\\',
      '$',
      '#',
      ' ',
      '\n',
      '\r',
      '\t',
      '=',
      '{{',
      'é',
      '🚢',
      'a',
      '\uFEFF',
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))
const value = fc.oneof(anyText, sharp).filter((text) => text.isWellFormed())
const name = fc.constantFrom('A', 'B', 'LONG_NAME', '__proto__', 'constructor')

describe('dotenvLine', () => {
  it('is read back as the very value', () => {
    fc.assert(
      fc.property(name, value, (key, text) => {
        const { values, problems } = parseDotenv('', `${dotenvLine(key, text)}\n`)
        expect(problems).toEqual([])
        expect(Object.entries(values)).toEqual([[key, text]])
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('withValue', () => {
  it('sets one value and leaves every other as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 8 }), (sets) => {
        const text = sets.reduce((before, [key, each]) => withValue(before, key, each), '')
        expect(new Map(Object.entries(parseDotenv('', text).values))).toEqual(new Map(sets))
      }),
      { numRuns: 500 },
    )
  })

  it('keeps comments, order and the last line without an end', () => {
    const text = "# of the shop\nA=1\n\n# over lines\nB='x\ny'   # so\nC=3"
    expect(withValue(text, 'B', 'two words')).toBe(
      "# of the shop\nA=1\n\n# over lines\nB='two words'\nC=3\n",
    )
    expect(withValue(text, 'D', '4')).toBe(`${text}\nD=4\n`)
  })
})
