import { describe, expect, it } from 'vitest'
import { isIgnored } from './ignore.ts'

describe('isIgnored', () => {
  it.each([
    ['.env', '.env', true],
    ['.env*', '.env.production', true],
    ['.env*\n!.env.example', '.env.example', false],
    ['!.env\n.env', '.env', true],
    ['*', '.env', true],
    ['**/.env', '.env', true],
    ['**/*.pem', 'deploy.pem', true],
    ['/.env', '.env', true],
    ['# .env', '.env', false],
    ['env', '.env', false],
    ['*.key', 'a.key.pub', false],
    ['x.env', 'xxenv', false],
    ['', '.env', false],
    [null, '.env', false],
    ['[', '[', false],
  ])('%j keeps out %s: %s', (ignore, name, expected) =>
    expect(isIgnored(ignore, name)).toBe(expected),
  )
})
