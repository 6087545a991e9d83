import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keyFor, seal, unseal } from './seal.ts'

const key = keyFor(Buffer.alloc(32, 1), 'test')
const text = fc.string({ unit: 'grapheme' }).filter((each) => each.isWellFormed())

it('is opened by the key, and holds nothing of the text', () => {
  fc.assert(
    fc.property(text, fc.string(), (plain, belongsTo) => {
      const sealed = seal(key, plain, belongsTo)
      expect(unseal(key, sealed, belongsTo)).toBe(plain)
      expect(seal(key, plain, belongsTo)).not.toBe(sealed)
      const bytes = Buffer.from(sealed.slice(3), 'base64')
      if (plain.length > 8) expect(bytes.includes(Buffer.from(plain))).toBe(false)
    }),
  )
})

it('is opened by nothing else, and not in another place', () => {
  const sealed = seal(key, 'secret', 'shop/1/web')
  expect(unseal(keyFor(Buffer.alloc(32, 1), 'other'), sealed, 'shop/1/web')).toBeNull()
  expect(unseal(keyFor(Buffer.alloc(32, 2), 'test'), sealed, 'shop/1/web')).toBeNull()
  expect(unseal(key, sealed, 'shop/2/web')).toBeNull()
  for (const wrong of ['', 's1.', sealed.slice(0, 20), sealed.replace('s1.', 's2.'), 'plain'])
    expect(unseal(key, wrong, 'shop/1/web')).toBeNull()
})

it('shows that any byte was changed', () => {
  const sealed = seal(key, 'secret', 'a')
  const bytes = Buffer.from(sealed.slice(3), 'base64')
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at]! ^= 1
    expect(unseal(key, `s1.${changed.toString('base64')}`, 'a')).toBeNull()
  }
})
