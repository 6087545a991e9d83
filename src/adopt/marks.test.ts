import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openMarks } from './marks.ts'

const variable = (name: string, value: string, isReal = true) => ({ name, value, isReal })
const marks = openMarks({
  A: variable('A', 'a.example'),
  PASSWORD: variable('PASSWORD', 'hidden'),
  NONE: variable('NONE', '1', false),
})

describe('openMarks', () => {
  it.each([
    ['$A:${A}:${A:?told}:${A-x}', '${A}:${A}:${A}:${A}', 'a.example:a.example:a.example:a.example'],
    ['$$A $${A} $ 5$', '$A ${A} $ 5$', '$A ${A} $ 5$'],
    ['${B:-x.${A}}.${B-}${B:+no}', 'x.${A}.', 'x.a.example.'],
    ['${A:+yes}${A:-${PASSWORD}}', 'yes${A}', 'yesa.example'],
    ['x${PASSWORD}', 'x${PASSWORD}', null],
    ['${B:-${PASSWORD}}', '${PASSWORD}', null],
    ['${NONE}', '${NONE}', null],
  ])('fills %s as Compose does', (text, shown, known) => {
    const filled = marks.fill(text)
    expect(marks.show(filled)).toBe(shown)
    expect(marks.known(filled)).toBe(known)
  })

  it('never throws and always ends', () => {
    const piece = fc.constantFrom(
      '$',
      '{',
      '}',
      'A',
      ':',
      '-',
      '+',
      '?',
      'B',
      '\uE000',
      '9',
      '\uE001',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (all) => {
        const filled = marks.fill(all.join(''))
        return [marks.show(filled), marks.known(filled)].length === 2
      }),
    )
  })
})
