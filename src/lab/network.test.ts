import { describe, expect, it } from 'vitest'
import { addressFor } from './network.ts'

describe('addressFor', () => {
  it('goes by the number a name ends in', () => {
    expect(addressFor('vps1', new Set())).toBe('10.77.0.11')
    expect(addressFor('node39', new Set())).toBe('10.77.0.49')
  })

  it('takes the first free one when the number is taken, too high or not there', () => {
    const taken = new Set(['10.77.0.11', '10.77.0.50'])
    expect(addressFor('web1', taken)).toBe('10.77.0.51')
    expect(addressFor('vps400', taken)).toBe('10.77.0.51')
    expect(addressFor('main', taken)).toBe('10.77.0.51')
  })

  it('answers nothing when all are taken', () => {
    const all = Array.from({ length: 256 }, (_, last) => `10.77.0.${last}`)
    expect(addressFor('vps1', new Set(all))).toBeUndefined()
  })
})
