import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runVerb } from '../../test/verb.ts'

// The verbs as a user runs them, without Docker.

let folder = ''
const put = (file: string, text: string, mode = 0o644) =>
  writeFileSync(join(folder, file), text, { mode })
const has = (file: string) => readFileSync(join(folder, file), 'utf8')
const zarpe = (argv: string[], input = '') =>
  runVerb(['-C', folder, '--json', 'env', ...argv], input)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-env-'))
  put(
    'zarpe.yml',
    'app: shop\nservers: {main: a@vps.example}\nenvironments: {production: {servers: [main]}}\n',
  )
  put(
    'compose.yml',
    'services: { web: { image: "shop:1", environment: { A: "${SECRET_KEY:-dev}" } } }\n',
  )
  put(
    '.env.schema',
    '# @required @type=zarpe_secret\nSECRET_KEY=\n# @required @public\nMODE=\n# @public\nLEVEL=\n# @type=zarpe_password\nDB_PASSWORD=\n',
  )
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('zarpe env set', () => {
  const before = 'SECRET_KEY=zq-before\nMODE=a\n'

  it('takes what comes on stdin', async () => {
    const value = 'k7Qw9ZtR2LxN4bVe8YmP1cJ6hT3sD5fG0aUi'
    expect(await zarpe(['set', 'SECRET_KEY'], `${value}\n`)).toMatchObject({ code: 0 })
    expect(has('.env.production')).toBe(`SECRET_KEY=${value}\n`)
  })

  it.each([
    [
      'nothing on stdin, as when `pass show x |` failed',
      ['set', 'SECRET_KEY'],
      'contract/nothing-given',
    ],
    ['nothing for what is no secret', ['set', 'LEVEL'], 'contract/nothing-given'],
    ['an empty text for what is required', ['set', 'MODE='], 'contract/missing-value'],
  ])('keeps the value that is there: %s', async (_why, argv, code) => {
    put('.env.production', before, 0o600)
    expect(await zarpe(argv)).toMatchObject({ code: 3, codes: [code] })
    expect(has('.env.production')).toBe(before)
  })

  it('says which file it cannot read, as a mistake in what was handed in', async () => {
    symlinkSync('.env.production.age', join(folder, '.env.production.age'))
    expect(await zarpe(['set', 'LEVEL=a'])).toMatchObject({ code: 3, codes: ['host/not-read'] })
    rmSync(join(folder, 'zarpe.yml'))
    symlinkSync('zarpe.yml', join(folder, 'zarpe.yml'))
    expect(await zarpe(['check'])).toMatchObject({ code: 3, codes: ['host/not-read'] })
  })

  it('takes an empty text for what is optional, when it is asked to', async () => {
    put('.env.production', before, 0o600)
    expect(await zarpe(['set', 'LEVEL='])).toMatchObject({ code: 0 })
    expect(has('.env.production')).toBe(`${before}LEVEL=\n`)
  })

  it('makes no file that git would take', async () => {
    execFileSync('git', ['init', '-q', folder])
    for (const argv of [['set', 'LEVEL=x'], ['generate']])
      expect(await zarpe(argv)).toMatchObject({ code: 3, codes: ['environment/not-ignored'] })
    expect(existsSync(join(folder, '.env.production'))).toBe(false)
  })
})

it('generate names what is left to the user, and what is optional', async () => {
  expect((await zarpe(['generate'])).last).toMatchObject({
    generated: ['SECRET_KEY'],
    left: [{ name: 'MODE' }],
    optional: ['DB_PASSWORD'],
  })
})

describe('zarpe env init', () => {
  it('requires a secret whose fallback a deploy refuses, and says when git ignores the contract', async () => {
    execFileSync('git', ['init', '-q', folder])
    put('.gitignore', '.env.*\n')
    rmSync(join(folder, '.env.schema'))
    expect((await zarpe(['init'])).last).toMatchObject({
      variables: [{ name: 'SECRET_KEY', required: true }],
      notes: [expect.stringContaining('!.env.schema')],
    })
  })

  it('reads settings classes, and leaves out what the Compose file makes up', async () => {
    rmSync(join(folder, '.env.schema'))
    put(
      'compose.yml',
      'services: { web: { image: "shop:1", environment: ["STORE=x://db/a", "TOKEN"] } }\n',
    )
    put(
      'settings.py',
      'class S(BaseSettings):\n    store: str\n    totp_encryption_key: str\n    hosts: list[str] = []\n',
    )
    expect((await zarpe(['init'])).last).toMatchObject({
      variables: [
        { name: 'TOKEN', required: false },
        { name: 'TOTP_ENCRYPTION_KEY', required: true, type: 'zarpe_fernet' },
        { name: 'HOSTS', required: false, type: 'array(format=json)' },
      ],
    })
  })

  it('says that it took the form of a list from a value, which may be the mistake', async () => {
    rmSync(join(folder, '.env.schema'))
    put('.env.production', 'ALLOWED_HOSTS=["zq.example"]\n', 0o600)
    expect((await zarpe(['init'])).last).toMatchObject({
      notes: [expect.stringContaining('ALLOWED_HOSTS: JSON')],
    })
    expect(has('.env.schema')).toContain('remove format=json')
    expect(has('.env.schema')).not.toContain('zq.')
  })
})
