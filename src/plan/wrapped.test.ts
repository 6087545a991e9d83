import { describe, expect, it } from 'vitest'
import { wrapped } from './wrapped.ts'

const line = '  1. service.start shop-production_web-r2  nothing goes live before it is healthy'

describe('wrapped', () => {
  it('leaves a line that fits as it is', () => {
    expect(wrapped(line, line.length, 43)).toEqual([line])
  })

  it('breaks between words, and goes on below the cause', () => {
    expect(wrapped(line, 70, 43)).toEqual([
      '  1. service.start shop-production_web-r2  nothing goes live before it',
      '                                           is healthy',
    ])
  })

  it('goes on near the left where the cause has no room', () => {
    expect(wrapped(line, 44, 43)).toEqual([
      '  1. service.start shop-production_web-r2',
      '      nothing goes live before it is healthy',
    ])
  })

  it('loses no word at any width, and keeps one whole that is too long', () => {
    const words = (text: string) => text.split(/\s+/).filter(Boolean)
    for (let columns = 1; columns < 100; columns++) {
      const rows = wrapped(line, columns, 43)
      expect(rows.flatMap(words)).toEqual(words(line))
      expect(rows.every((row) => row.length <= columns || words(row).length === 1)).toBe(true)
    }
  })
})
