import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fakeRandom, fakeToken } from './fake.ts'
import {
  entropyOf,
  isHarmless,
  isPlaceholder,
  isSecret,
  isSecretName,
  knownSecret,
  looksRandom,
  looksRandomInQuotes,
  looksTyped,
  passwordInUrl,
} from './secrets.ts'

describe('isSecretName', () => {
  it.each([
    'SECRET_KEY',
    'DB_PASSWORD',
    'apiKey',
    'stripe.secret-key',
    'TOTP_ENCRYPTION_KEY',
    'JWT_SECRET',
    'GITHUB_TOKEN',
    'SECRET_KEY_BASE',
    'REDIS_PASS',
    'PGPASSWORD',
    'DB_PASSWORD2',
    'dbPassword2',
    'API_TOKENS',
    'MAX_BOT_TOKEN',
    'MAX_TOKENS_API_KEY',
  ])('takes %s for one', (name) => expect(isSecretName(name)).toBe(true))

  it.each([
    'TOKEN_TTL',
    'PASSWORD_FILE',
    'SECRET_NAME',
    'PUBLIC_KEY',
    'PASSWORD_MIN_LENGTH',
    'TOKENIZERS_PARALLELISM',
    'COMPASS',
    'KEYBOARD',
    'AWS_ACCESS_KEY_ID',
    'POSTGRES_HOST_AUTH_METHOD',
    'PASSENGER_PORT',
    'PASSWORDLESS_LOGIN',
    'MAX_TOKENS',
    'OPENAI_MAX_OUTPUT_TOKENS',
    'maxTokens',
    'NUM_TOKENS_PER_CHUNK',
    'TOKEN_LIMIT_PER_DAY',
    'TOKENS_PER_MINUTE',
    'PROMPT_TOKENS',
  ])('does not take %s for one', (name) => expect(isSecretName(name)).toBe(false))
})

describe('knownSecret', () => {
  it('tells the kind and the place, not the text', () => {
    expect(knownSecret(`x = ${fakeToken}`)).toEqual({ kind: 'a GitHub token', index: 4 })
    const real = ['AKIA', 'QWERTYUIOPASDFGH'].join('')
    expect(knownSecret(`not AKIAIOSFODNN7EXAMPLE but ${real}`)?.index).toBe(29)
    expect(knownSecret(['-----BEGIN OPENSSH PRIVATE', 'KEY-----'].join(' '))?.kind).toBe(
      'a private key',
    )
  })

  it.each([
    ['a Google OAuth client secret', 'GOCSPX-', 28],
    ['a Shopify token', 'shpat_', 32],
    ['a Databricks token', 'dapi', 32],
    ['a Vault token', 'hvs.', 40],
    ['a Twilio key', 'SK', 32],
    ['an Azure storage key', 'AccountKey=', 86],
  ])('knows %s by its form', (kind, start, length) => {
    // Put together here, so that no file holds one.
    const key = start + 'a1b2c3d4e5f60718'.repeat(8).slice(0, length)
    expect(knownSecret(`x=${key}==`)?.kind).toBe(kind)
  })

  it.each([
    '-----BEGIN CERTIFICATE-----',
    'AKIAIOSFODNN7EXAMPLE',
    "startsWith('-----BEGIN PGP PRIVATE KEY BLOCK-----')",
    `sk-ant-api03-${'0'.repeat(40)}`,
    'sk-label',
    'ghp_short',
    'hf_transfer',
  ])('lets %s pass', (text) => expect(knownSecret(text)).toBeNull())
})

describe('passwordInUrl', () => {
  it.each([
    ['postgres://shop:Kw8rTz1p@db/shop', { index: 0, isPlaceholder: false }],
    ['see amqp://guest:guest@mq', { index: 4, isPlaceholder: true }],
    ['redis://:Kw8rTz1p@cache:6379', { index: 0, isPlaceholder: false }],
    ['redis://:Kw8%40Tz1p@cache:6379', { index: 0, isPlaceholder: false }],
    ['redis://:p%40ssw0rd@cache:6379', { index: 0, isPlaceholder: true }],
    ['mysql://%s:%s@db/shop', null],
    ['mysql://shop:%(password)s@db/shop', null],
    ['postgres://shop:${DB_PASSWORD}@db/shop', null],
    ['postgres://shop@db/shop', null],
    ['http://localhost:3000/@scope', null],
    ['https://cdn.example/a@1.2:3', null],
    ['postgres://<user>:<password>@host', null],
  ])('%s', (text, expected) => expect(passwordInUrl(text)).toEqual(expected))
})

describe('what is no secret', () => {
  it.each(['', 'true', '${A}', '$A', '${A:?}${B}', '/run/secret', './key', 'null'])(
    'finds %j harmless',
    (value) => expect(isHarmless(value)).toBe(true),
  )
  it.each(['hunter2', '1234', 'x${A}'])('does not find %j harmless', (value) =>
    expect(isHarmless(value)).toBe(false),
  )
  it.each([
    'changeme',
    'CHANGE-ME-now',
    'your-key-here',
    '<token>',
    'xxxx',
    'dev-secret',
    'postgres',
  ])('sees the placeholder in %j', (value) => expect(isPlaceholder(value)).toBe(true))
})

describe('isSecret', () => {
  it.each([
    ['DB_PASSWORD', '1234'],
    ['BOT_TOKEN', '12345678'],
    ['API_TOKENS', 'abc'],
  ])('takes %s=%s for one', (name, value) => expect(isSecret(name, value)).toBe(true))

  it.each([
    ['DB_PASSWORD', 'true'],
    ['TOKEN_BATCH', '4096'],
    ['MAX_TOKENS', 'many'],
  ])('does not take %s=%s for one', (name, value) => expect(isSecret(name, value)).toBe(false))
})

describe('looksTyped', () => {
  it('sees what people use for passwords, and no words, references or placeholders', () => {
    for (const text of ['Tulip9harbour', 'kW8rTz1pQ0aa', 'Vx7!kdWqpl3z'])
      expect(looksTyped(text), text).toBe(true)
    for (const text of [
      'Passw0rd1234',
      'tulip9harbour',
      'Short1A',
      'config.Db1Password',
      'get(Db1Pass)',
    ])
      expect(looksTyped(text), text).toBe(false)
  })
})

describe('looksRandom', () => {
  it('sees what a machine made, and not words', () => {
    expect(looksRandom(fakeRandom)).toBe(true)
    for (const text of [
      'shop/production/database-main',
      'aaaaaaaaaaaaaaaaaaaaaaaa1111',
      'process.env.SECRET_KEY_BASE',
      'short1A',
      'my-real-secret-token-abc123',
      'je7MtGbClwBF2Zp9UtkEXAMPLEKEY123',
    ])
      expect(looksRandom(text), text).toBe(false)
  })

  it('takes the signs of a Django key in quotes, and no call or template', () => {
    const key = ['k#3@!x$w0o=7u9^', 'k3&f%l8(q5z)1n4m6_c+r-t*y'].join('')
    for (const text of [key, `django-insecure-${key}`]) {
      expect(looksRandomInQuotes(text), text).toBe(true)
      expect(looksRandom(text), text).toBe(false)
    }
    for (const text of [
      'read_secret(1a2b3c4d5e6f7g8h)',
      '%(secret1a2b3c4d5e6f7g8h)s',
      '$(cat${A}1a2b3c4d5e6f7g8h)',
    ])
      expect(looksRandomInQuotes(text), text).toBe(false)
  })

  it('measures between nothing and the number of different characters', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const bits = entropyOf(text)
        const characters = new Set(text).size
        expect(bits).toBeGreaterThanOrEqual(-1e-9)
        expect(bits).toBeLessThanOrEqual(Math.log2(characters) + 1e-9)
      }),
    )
  })
})
