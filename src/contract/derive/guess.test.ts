import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Found, commentAbove, joinFound, readInCode, readInCompose } from './found.ts'
import { guessType, isNeeded } from './guess.ts'
import { initialContract } from './init.render.ts'
import { parseContract } from '../syntax/parse.ts'

const found = (name: string, over: Partial<Found> = {}): Found => ({
  name,
  files: ['a.py'],
  needed: false,
  sample: null,
  example: null,
  description: '',
  ...over,
})

describe('guessType', () => {
  it.each([
    ['DATABASE_URL', null, 'zarpe_databaseUrl', true],
    ['STORE', 'postgresql+asyncpg://u:p@db/shop', 'zarpe_databaseUrl', true],
    ['DATABASE_URL', 'changeme', 'zarpe_databaseUrl', true],
    ['DATABASE_URL', 'postgresql://<user>:<password>@<host>/<name>', 'zarpe_databaseUrl', true],
    ['DATABASE_URL', 'postgres://USER:PASSWORD@HOST:PORT/NAME', 'zarpe_databaseUrl', true],
    ['DATABASE_URL', 'file:./dev.db', null, true],
    ['DATABASE_URL', 'sqlite:///./app.db', null, true],
    ['DATABASE_URL', 'jdbc:postgresql://db:5432/shop?user=shop&password=x', null, true],
    ['DATABASE_URL', 'mysql://shop:x@db', 'url', true],
    ['REDIS_URL', 'unix:///run/redis.sock', null, true],
    ['MAX_TOKENS', null, null, false],
    ['CELERY_BROKER_URL', 'redis://redis:6379/0', 'zarpe_redisUrl', true],
    ['ALLOWED_HOSTS', '["a.example"]', 'zarpe_hosts(format=json)', false],
    ['ALLOWED_HOSTS', 'a.example,b.example', 'zarpe_hosts', false],
    ['BACKEND_CORS_ORIGINS', null, 'zarpe_origins', false],
    ['SECRET_KEY', 'changeme', 'zarpe_secret', true],
    ['TOTP_ENCRYPTION_KEY', null, 'zarpe_fernet', true],
    ['REDIS_PASSWORD', '', 'zarpe_password', true],
    ['SMTP_PASSWORD', null, null, true],
    ['STRIPE_API_KEY', 'sk-x', null, true],
    ['SMTP_PORT', '587', 'port', false],
    ['SMTP_PORT', 'smtp', null, false],
    ['API_URL', 'https://shop.example', 'url', false],
    ['ADMIN', 'ops@shop.example', 'email', false],
    ['DEBUG', 'false', 'boolean', false],
    ['DEBUG', 'app:*', null, false],
    ['PASSWORD_MIN_LENGTH', '12', 'number', false],
    ['TIMEOUT', '30s', 'duration', false],
    ['MAX_BODY', '10M', 'zarpe_size', false],
    ['UPLOAD_DIR', '/data', 'zarpe_path', false],
    ['NAME', 'Shop', null, false],
  ])('%s=%s: %s', (name, sample, type, sensitive) => {
    expect(guessType({ name, sample: null, example: sample })).toEqual({ type, sensitive })
  })
})

it.each([
  ['SECRET_KEY', null, true],
  ['TOTP_ENCRYPTION_KEY', null, true],
  ['GRAFANA_PASSWORD', null, false],
  ['LOG_LEVEL', 'info', false],
])('needs what signs or encrypts, fallback or not: %s', (name, example, needed) => {
  expect(isNeeded(found(name, { example }))).toBe(needed)
})

it('believes an environment more than an example', () => {
  const guess = guessType({ name: 'ALLOWED_HOSTS', sample: 'a.example', example: '["b.example"]' })
  expect(guess.type).toBe('zarpe_hosts')
})

describe('what is found', () => {
  it('in code of several languages', () => {
    const code = `
      const a = process.env.A_ONE, b = process.env['B_ONE'] ?? 'x', c = process.env.C_ONE || 1
      d = os.environ["D_ONE"]; e = os.getenv("E_ONE", "x"); f = os.environ.get('F_ONE')
      g := os.Getenv("G_ONE"); let h = env::var("H_ONE"); i = ENV.fetch('I_ONE'); j = ENV['J_ONE'] || 2`
    const names = Object.fromEntries(readInCode(code).map(({ name, needed }) => [name, needed]))
    expect(names).toEqual({
      ...{ A_ONE: true, B_ONE: false, C_ONE: false, D_ONE: true, E_ONE: false },
      ...{ F_ONE: true, G_ONE: true, H_ONE: true, I_ONE: true, J_ONE: false },
    })
  })

  it('in Compose files', () => {
    const text =
      'a: ${A}\nb: "${B:-x}" # ${NOT}\nc: $C\nd: $$D\ne: ${E:?must be}\nt: ${T_TOKEN:-x}${U_TOKEN:+x}\n'
    expect(readInCompose(text, ['F'])).toEqual([
      { name: 'A', needed: true },
      { name: 'B', needed: false },
      { name: 'C', needed: true },
      { name: 'E', needed: true },
      { name: 'T_TOKEN', needed: true },
      { name: 'U_TOKEN', needed: false },
      { name: 'F', needed: false },
    ])
  })

  it('is joined by name, without what the system sets', () => {
    const joined = joinFound([
      found('A', { files: ['x'] }),
      found('PATH'),
      found('A', { files: ['y', 'x'], needed: true, sample: '1', description: 'text' }),
    ])
    expect(joined).toEqual([
      found('A', { files: ['x', 'y'], needed: true, sample: '1', description: 'text' }),
    ])
  })

  it('has the comment above it, without ornaments', () => {
    expect(commentAbove(['# ----', '# One', '# OLD=1', '#two', 'A='], 4)).toBe('One two')
    expect(commentAbove(['# === Mail ===', '# ---- In ----', '# One', 'A='], 3)).toBe('One')
    expect(commentAbove(['# One', '', 'A='], 2)).toBe('')
  })
})

describe('initialContract', () => {
  it('can be read back without a problem, whatever was found, and holds no hidden sample', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab@#=$"\'`\\(){}[]\n,: '.split('')) })
    const name = fc.constantFrom(
      'A',
      'SECRET_KEY',
      'DATABASE_URL',
      'PORT',
      'ALLOWED_HOSTS',
      'X_URL',
    )
    const one = fc.record({
      name,
      files: fc.array(
        text.map((each) => `f${each}`),
        { minLength: 1, maxLength: 5 },
      ),
      needed: fc.boolean(),
      sample: fc.option(fc.oneof(text, fc.constant('zqxj-hidden'))),
      example: fc.option(text),
      description: text,
    })
    fc.assert(
      fc.property(fc.uniqueArray(one, { selector: (each) => each.name, maxLength: 6 }), (all) => {
        const written = initialContract(all)
        const { contract, problems } = parseContract('.env.schema', written)
        expect(problems).toEqual([])
        expect(contract.variables.map((each) => each.name)).toEqual(all.map((each) => each.name))
        expect(written).not.toContain('zqxj-hidden')
        for (const [index, each] of all.entries())
          expect(contract.variables[index]!.required).toMatchObject({ text: String(each.needed) })
      }),
      { numRuns: 500 },
    )
  })
})
