import fc from 'fast-check'
import { expect, it } from 'vitest'
import { expanded, unexpanded } from './template.ts'

// That Swarm agrees is seen in test/scenarios/inputs.test.ts.
it('gives back every text', () => {
  const text = fc.string({ unit: fc.constantFrom(...'{}" a'.split('')) })
  fc.assert(
    fc.property(text, (each) => {
      expect(expanded(unexpanded(each))).toBe(each)
    }),
  )
})

it('leaves no brace pair that is not a quoted one', () => {
  expect(unexpanded('{{ .Node }}')).toBe('{{"{{"}} .Node }}')
  expect(unexpanded('{{{')).toBe('{{"{{"}}{')
  expect(unexpanded('{ {')).toBe('{ {')
})
