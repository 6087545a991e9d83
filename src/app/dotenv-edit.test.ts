import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDotenv, plainProblems } from './dotenv.ts'
import { dotenvLine, withoutValue, withValue } from './dotenv-edit.ts'

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
      '$A',
      '${B}',
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
        const read = parseDotenv('', `${dotenvLine(key, text)}\n`)
        expect(plainProblems(read)).toEqual([])
        expect(Object.entries(read.values)).toEqual([[key, text]])
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('withValue', () => {
  it('adds at the end, and replaces in place with all other bytes as they were', () => {
    expect(withValue('', 'A', 'x y')).toBe("A='x y'\n")
    expect(withValue('# c\nB=1', 'A', '2')).toBe('# c\nB=1\nA=2\n')
    expect(withValue('\uFEFFA=1\r\n#\r\n', 'A', "it's\n")).toBe('\uFEFFA="it\'s\\n"\r\n#\r\n')
    expect(withValue('A="one\ntwo" # c\nB=1\n', 'A', '')).toBe('A= # c\nB=1\n')
    expect(withValue(' export A=1\t# it\'s "c"  \r\nB=1', 'A', 'x y')).toBe(
      " export A='x y'\t# it's \"c\"\r\nB=1",
    )
    expect(withValue('A= # c\n', 'A', '2')).toBe('A=2 # c\n')
    expect(withValue('A="" \u00a0# c\n', 'A', '2')).toBe('A=2 # c\n')
    expect(withValue('A=""# c\n', 'A', '2')).toBe('A=2 # c\n')
    expect(withValue('B=1\n', 'A', "it's $B")).toBe('B=1\nA="it\'s \\$B"\n')
    expect(withValue('export A=1\nB=1', 'B', '2')).toBe('export A=1\nB=2')
  })

  it('sets one value and leaves every other as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 8 }), (sets) => {
        const text = sets.reduce((before, [key, each]) => withValue(before, key, each), '')
        const read = parseDotenv('', text)
        expect(new Map(Object.entries(read.values))).toEqual(new Map(sets))
        expect(plainProblems(read)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('keeps what stands around a value, whatever the values are', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        const text = `export ${dotenvLine('A', before)} # it's "so"\n`
        const changed = withValue(text, 'A', after)
        expect(changed).toBe(`export ${dotenvLine('A', after)} # it's "so"\n`)
        expect(parseDotenv('', changed)).toMatchObject({
          values: { A: after },
          problems: [],
          replaced: [],
        })
      }),
    )
  })

  it('keeps comments, order and the last line without an end', () => {
    const text = "# of the shop\nA=1\n\n# over lines\nB='x\ny'   # so\nC=3"
    expect(withValue(text, 'B', 'two words')).toBe(
      "# of the shop\nA=1\n\n# over lines\nB='two words'   # so\nC=3",
    )
    expect(withValue(text, 'D', '4')).toBe(`${text}\nD=4\n`)
  })
})

describe('withoutValue', () => {
  it('takes out the lines of one name, with all other bytes as they were', () => {
    expect(withoutValue('\uFEFFA=1\r\n#\r\nB=2\r\n', 'A')).toBe('\uFEFF#\r\nB=2\r\n')
    expect(withoutValue('# c\nA="one\ntwo"\nB=1', 'A')).toBe('# c\nB=1')
    expect(withoutValue('A=1\n', 'B')).toBe('A=1\n')
  })

  it('leaves every other value as it was', () => {
    fc.assert(
      fc.property(name, name, value, value, (gone, kept, one, two) => {
        fc.pre(gone !== kept)
        const text = withoutValue(withValue(withValue('', gone, one), kept, two), gone)
        expect(text).toBe(withValue('', kept, two))
      }),
    )
  })
})
