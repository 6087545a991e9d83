import { describe, expect, it } from 'vitest'
import { fallbacksIn } from './fallbacks.ts'

const found = (text: string) =>
  fallbacksIn({ file: 'compose.yml', text }).map(({ name, column }) => `${name}:${column}`)

describe('fallbacksIn', () => {
  it.each([
    ['SECRET_KEY: ${SECRET_KEY:-dev}', ['SECRET_KEY:13']],
    ['- API_KEY=${API_KEY-dev}', ['API_KEY:11']],
    ['A: x${DB_PASSWORD:-dev}${LEVEL:-info}', ['DB_PASSWORD:5']],
    ['DB: ${DB:-postgres://shop:${DB_PASSWORD:-shop}@db}', ['DB_PASSWORD:27']],
    ['DB: ${DB:-postgres://shop:shop@${HOST:-db}}', ['DB:5']],
    ['SECRET_KEY: ${A:-${B:-dev}}', ['B:18']],
    ['KEY: ${SECRET_KEY:-${OLD:-${OLDER:-dev}}}', ['OLDER:27']],
    ['DB: ${DB:-${DB_OLD:-postgres://shop:shop@db}}', ['DB_OLD:11']],
  ])('finds in %s', (code, expected) => expect(found(code)).toEqual(expected))

  it.each([
    'SECRET_KEY: ${SECRET_KEY:?}',
    'SECRET_KEY: ${A:-${B:?}}',
    'SECRET_KEY: ${A:-${B:-}}',
    'SECRET_KEY: $${SECRET_KEY:-dev}',
    'LEVEL: ${LEVEL:-${OLD_LEVEL:-info}}',
    'SECRET_KEY: ${SECRET_KEY:-dev',
    'MAX_TOKENS: ${MAX_TOKENS:-${TOKENS:-4096}}',
    'TOKEN_BATCH: ${TOKEN_BATCH:-4096}',
    'KEY_FILE: ${SECRET_KEY_FILE:-/run/key}',
  ])('finds nothing in %s', (code) => expect(found(code)).toEqual([]))
})
