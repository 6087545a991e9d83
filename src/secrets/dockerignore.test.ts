import { expect, it } from 'vitest'
import { isKeptOut } from './dockerignore.ts'

it.each([
  ['', '.env.production', false],
  ['.env.production', '.env.production', true],
  ['/.env.production', '.env.production', true],
  ['./.env*', '.env.production', true],
  ['.env*', 'keys/.env.production', false],
  ['**/.env*', 'keys/.env.production', true],
  ['**/.env*', '.env.production', true],
  ['**', 'keys/tls.key', true],
  ['keys', 'keys/tls.key', true],
  ['keys/', 'keys/tls.key', true],
  ['key', 'keys/tls.key', false],
  ['*.key', 'tls.key', true],
  ['*.key', 'keys/tls.key', false],
  ['*/*.key', 'keys/tls.key', true],
  ['keys/**/tls.key', 'keys/tls.key', true],
  ['tls.k?y', 'tls.key', true],
  ['tlsxkey', 'tls.key', false],
  ['tls.[a-k]ey', 'tls.key', true],
  ['tls.[^k]ey', 'tls.key', false],
  ['tls.[z-a]ey\n*.pem', 'tls.key', false],
  ['*\n!tls.key', 'tls.key', false],
  ['*\n!tls.key\n*.key', 'tls.key', true],
  ['# tls.key', 'tls.key', false],
  ['  tls.key  \r', 'tls.key', true],
])('%j keeps out %s: %s', (patterns, path, keptOut) => {
  expect(isKeptOut(patterns, path)).toBe(keptOut)
})
