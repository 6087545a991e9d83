import { describe, expect, it } from 'vitest'
import { isVerifierOf, scramVerifier } from './scram.ts'

// As PostgreSQL 15 made it of `CREATE ROLE probe PASSWORD 'pencil of 2026'`.
const recorded =
  'SCRAM-SHA-256$4096:xUgPWiqAk9qAmSc14V5LtQ==$kEIE5yLgUXQFuW+iwqGx6I5Uzac6kz8qCh43xLrZE5Y=:xijzD3y1njJWjWT3QatW8WvXI82eWJWOBEbpA0iIKLQ='

describe('a verifier', () => {
  it('is made as the server makes it', () => {
    const salt = Buffer.from('xUgPWiqAk9qAmSc14V5LtQ==', 'base64')
    expect(scramVerifier('pencil of 2026', salt)).toBe(recorded)
    expect(isVerifierOf(recorded, 'pencil of 2026')).toBe(true)
  })

  it('of another password, number of rounds or kind is told apart', () => {
    expect(isVerifierOf(recorded, 'pencil of 2027')).toBe(false)
    expect(isVerifierOf(recorded.replace('$4096:', '$4097:'), 'pencil of 2026')).toBe(false)
    expect(isVerifierOf('md55d41402abc4b2a76b9719d911017c592', 'hello')).toBe(false)
    expect(isVerifierOf(null, '')).toBe(false)
  })

  it('that asks for endless rounds is refused', () => {
    expect(isVerifierOf(recorded.replace('$4096:', '$99999999999:'), 'pencil of 2026')).toBe(false)
  })
})
