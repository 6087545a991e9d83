import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quote } from './quote.ts'

const printedBy = (words: string[]) =>
  spawnSync('sh', ['-c', `printf '%s\\001' ${words.map(quote).join(' ')}`]).stdout

describe('quote', () => {
  it('gives a shell every word byte for byte', () => {
    const unit = fc.oneof(
      fc.constantFrom(
        ...'\'"`$\\!*?[]{}()<>|&;#~ \t\n\r-='.split(''),
        '$(touch /tmp/canary-quote)',
      ),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    )
    const word = fc
      .string({ unit })
      .map((text) => text.replaceAll('\0', '').replaceAll('\u0001', ''))
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
        expect(printedBy(words).toString()).toBe(words.map((each) => `${each}\u0001`).join(''))
      }),
      { numRuns: 60 },
    )
  })

  it('refuses a NUL, which no shell word can hold', () => {
    expect(() => quote('a\0b')).toThrow(/NUL/)
  })
})
