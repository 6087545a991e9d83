import { describe, expect, it } from 'vitest'
import { isNewer } from './connect.ts'

describe('isNewer', () => {
  it.each([
    ['1.0.0', '0.9.9', true],
    ['0.10.0', '0.9.0', true],
    ['0.1.1', '0.1.0', true],
    ['0.1.0', '0.1.0', false],
    ['0.9.9', '1.0.0', false],
    ['what', '0.1.0', false],
  ])('%s than %s: %s', (left, right, is) => {
    expect(isNewer(left, right)).toBe(is)
  })
})
