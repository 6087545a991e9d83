import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesOf } from './rule.ts'

const told = (rule: string) => {
  const all = matchesOf(rule)
  return 'odd' in all ? all : all.map(({ domain, path }) => `${domain} ${path}`)
}

describe('matchesOf', () => {
  it.each([
    ['Host(`a.example`)', ['a.example null']],
    ['Host("A.example", "b.example")', ['a.example null', 'b.example null']],
    ['PathPrefix(`/api`)', ['null /api']],
    ['Host(`a.example`) && PathPrefix(`/x`)', ['a.example /x']],
    [
      '(Host(`a.example`) || Host(`b.example`)) && (PathPrefix(`/x`) || PathPrefix(`/y`))',
      ['a.example /x', 'a.example /y', 'b.example /x', 'b.example /y'],
    ],
    ['Host:a.example,b.example;PathPrefix:/x', ['a.example /x', 'b.example /x']],
  ])('%s', (rule, expected) => expect(told(rule)).toEqual(expected))

  it.each([
    'Host(`a.example`) && Method(`POST`)',
    'HostRegexp(`.+`)',
    '!Host(`a.example`)',
    'Host(`a.example`) Host(`b.example`)',
    '',
  ])('does not understand %j', (rule) => expect(told(rule)).toHaveProperty('odd'))

  it('never throws and always ends', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      '&&',
      '||',
      '!',
      'Host(`a`)',
      'Path(`/`)',
      '`',
      ' ',
      ':',
    )
    fc.assert(fc.property(fc.array(piece), (all) => void matchesOf(all.join(''))))
  })
})
