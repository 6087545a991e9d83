import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDotenv } from '../app/dotenv.ts'
import { withValue } from './edit.ts'

const valueText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'\'"`\\$#{}= \t\r\né'.split('')),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 12,
})

describe('withValue', () => {
  it('adds at the end, and replaces in place with all other bytes as they were', () => {
    expect(withValue('', 'A', 'x y')).toBe("A='x y'\n")
    expect(withValue('# c\nB=1', 'A', '2')).toBe('# c\nB=1\nA=2\n')
    expect(withValue('\uFEFFA=1\r\n#\r\n', 'A', "it's\n")).toBe('\uFEFFA="it\'s\\n"\r\n#\r\n')
    expect(withValue('A="one\ntwo" # c\nB=1\n', 'A', '')).toBe('A=\nB=1\n')
    expect(withValue('export A=1\nB=1', 'B', '2')).toBe('export A=1\nB=2')
  })

  it('is read back as exactly that value, and changes no other', () => {
    const file = fc.array(fc.tuple(fc.constantFrom('A', 'B', 'C'), valueText), { maxLength: 4 })
    fc.assert(
      fc.property(file, fc.constantFrom('A', 'B', 'C', 'D'), valueText, (entries, name, value) => {
        const wanted: Record<string, string> = Object.fromEntries(entries)
        let text = '# head\n'
        for (const [each, old] of Object.entries(wanted)) text = withValue(text, each, old)
        const { values, problems } = parseDotenv('', withValue(text, name, value))
        expect(problems).toEqual([])
        expect(values).toEqual({ ...wanted, [name]: value })
      }),
    )
  })
})
