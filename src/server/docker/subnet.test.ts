import { describe, expect, it } from 'vitest'
import { firstFree, isPublicAddress, overlaps } from './subnet.ts'

describe('subnets', () => {
  it.each([
    ['10.201.0.0/16', '10.201.4.0/24', true],
    ['10.201.0.0/16', '10.202.0.0/16', false],
    ['10.0.0.0/8', '10.219.0.0/24', true],
    ['10.210.0.7', '10.210.0.0/24', true],
    ['10.210.0.255/24', '10.210.0.0/24', true],
    ['192.168.0.0/16', 'fd00::/8', false],
    ['10.0.0.999/24', '0.0.0.0/0', false],
  ])('%s and %s overlap: %s', (left, right, expected) => {
    expect(overlaps(left, right)).toBe(expected)
    expect(overlaps(right, left)).toBe(expected)
  })

  it('takes the first that is free, or none', () => {
    expect(firstFree(['10.1.0.0/16', '10.2.0.0/16'], ['10.1.9.0/24'])).toBe('10.2.0.0/16')
    expect(firstFree(['10.1.0.0/16'], ['10.0.0.0/8'])).toBeUndefined()
  })

  it('tells the addresses that the world can reach', () => {
    const addresses = [
      '198.51.100.7',
      '10.0.0.1',
      '172.31.0.1',
      '100.64.0.1',
      '2001:db8::1',
      'fe80::1',
    ]
    expect(addresses.filter(isPublicAddress)).toEqual(['198.51.100.7', '2001:db8::1'])
  })
})
