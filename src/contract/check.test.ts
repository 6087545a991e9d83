import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CheckContext, checkContract, strayNames } from './check.ts'
import { parseContract } from './syntax/parse.ts'
import { defaultsOf } from './resolve.ts'

const contractOf = (text: string) => {
  const { contract, problems } = parseContract('.env.schema', text)
  expect(problems).toEqual([])
  return contract
}

const context = (changes: Partial<CheckContext> = {}): CheckContext => ({
  environment: 'production',
  file: '.env.production',
  places: {},
  routes: [
    { domain: 'shop.example', service: 'frontend' },
    { domain: 'api.shop.example', service: 'backend' },
  ],
  services: [
    { name: 'frontend', ports: [3000], variables: [] },
    { name: 'backend', ports: [], variables: ['ALLOWED_HOSTS', 'DATABASE_URL', 'CORS_ORIGINS'] },
    { name: 'db', ports: [5432], variables: [] },
  ],
  ...changes,
})

const check = (
  schema: string,
  values: Record<string, string>,
  changes: Partial<CheckContext> = {},
) => {
  const places = Object.fromEntries(
    Object.keys(values).map((name, index) => [
      name,
      { file: '.env.production', line: index + 1, column: 1 },
    ]),
  )
  return checkContract(contractOf(schema), values, context({ places, ...changes }))
}

const codes = (...all: Parameters<typeof check>) =>
  check(...all).map(({ code, place }) => `${code} ${place?.file}:${place?.line}`)

describe('checkContract', () => {
  it('refuses a SECRET_KEY of fewer than 32 characters, which crashed production once', () => {
    const schema = '# @required @type=string(minLength=32)\nSECRET_KEY=\n'
    const [problem, ...others] = check(schema, { SECRET_KEY: 'Zq8-Kd72-Lm91' })
    expect(others).toEqual([])
    expect(problem).toEqual({
      code: 'contract/bad-value',
      summary: 'A value is not what the environment contract says.',
      detail:
        '`SECRET_KEY`: it has 13 characters, fewer than 32. Expected is a text of at least 32 characters (.env.schema:2).',
      place: { file: '.env.production', line: 1, column: 1 },
      fix: ['zarpe env set SECRET_KEY --env production    # with another value'],
    })
  })

  it('refuses ALLOWED_HOSTS as JSON where the app reads commas, and names the format', () => {
    const schema = '# @required @type=zarpe_hosts\nALLOWED_HOSTS=\n'
    const [problem, ...others] = check(schema, {
      ALLOWED_HOSTS: '["api.shop.example","b.example"]',
    })
    expect(others).toEqual([])
    expect(problem!.detail).toBe(
      '`ALLOWED_HOSTS`: it is a JSON list, and the app reads one that is separated by commas. Expected is a list such as shop.example,api.shop.example (no brackets, quotes or spaces) (.env.schema:2).',
    )
  })

  it('tells all that is missing or wrong, in the order of the files', () => {
    const schema = [
      '# @required @type=port',
      'PORT=',
      '# @required',
      'NAME=',
      '# @type=boolean',
      'DEBUG=',
      '# @required=forEnv(staging)',
      'STAGING_ONLY=',
      'TOKEN_URL=vault(item)',
    ].join('\n')
    expect(codes(schema, { DEBUG: 'perhaps', PORT: 'x' })).toEqual([
      'contract/bad-value .env.production:1',
      'contract/bad-value .env.production:2',
      'contract/missing-value .env.schema:4',
      'contract/missing-value .env.schema:9',
    ])
    expect(codes(schema, {}, { environment: 'staging', unclear: true })).toEqual([])
    expect(check(schema, { PORT: '1', NAME: 'x', DEBUG: '' })[0]!.detail).toContain('vault(…)')
  })

  it('judges a default like any value, at its own line', () => {
    expect(codes('# @type=port\nPORT=eighty\n', {})).toEqual(['contract/bad-value .env.schema:2'])
  })

  it('asks by environment, and the variable of @currentEnv is that environment', () => {
    const schema =
      '# @currentEnv=$APP_ENV\n\n# @type=enum(dev, production)\nAPP_ENV=dev\n# @required=forEnv(production)\nA=\n'
    expect(codes(schema, {})).toEqual(['contract/missing-value .env.schema:6'])
    expect(codes(schema, { APP_ENV: 'dev' })).toEqual([])
    expect(codes(schema, { A: 'x' }, { environment: 'staging' })).toEqual([
      'contract/bad-value .env.schema:4',
    ])
  })

  it.each(['no', 'off', 'f', 'False', '0', ''])(
    'takes %j in a condition for what a boolean takes it for',
    (no) => {
      const schema = '# @type=boolean\nMAIL_ON=\n# @required=$MAIL_ON\nHOST=\n'
      expect(codes(schema, { MAIL_ON: no })).toEqual([])
      expect(codes(schema, { MAIL_ON: 'yes' })).toEqual(['contract/missing-value .env.schema:4'])
    },
  )

  it('asks by the value of another variable', () => {
    const schema =
      'MODE=plain\n# @required=or(eq($MODE, mail), not(isEmpty($USER)))\nHOST=\nUSER=\n'
    expect(codes(schema, {})).toEqual([])
    expect(codes(schema, { MODE: 'mail' })).toEqual(['contract/missing-value .env.schema:3'])
    expect(codes(schema, { USER: 'x' })).toEqual(['contract/missing-value .env.schema:3'])
  })

  it('takes no default that is made from a value that is missing', () => {
    const schema =
      '# @sensitive\nPASS=\n# @type=zarpe_databaseUrl\nURL="postgres://u:${PASS}@db/x"\n'
    const [problem] = check(schema, {})
    expect(problem!.code).toBe('contract/missing-value')
    expect(problem!.detail).toContain('Its default is made from PASS, without a value too.')
    expect(defaultsOf(contractOf(schema), {}, 'production')).toEqual({})
    expect(defaultsOf(contractOf(schema), { PASS: 'x' }, 'production')).toEqual({
      URL: 'postgres://u:x@db/x',
    })
  })

  it('shows the example of the contract', () => {
    const schema = '# @required @example=https://shop.example @docs(https://pay.example/x)\nA=\n'
    expect(check(schema, {})[0]!.detail).toContain('a text, for instance https://shop.example.')
  })

  it('refuses a secret that was never filled in', () => {
    expect(codes('# @sensitive\nA=\n', { A: 'change-me' })).toEqual([
      'contract/placeholder .env.production:1',
    ])
  })

  it('takes such a value for one when nothing says that it is a secret', () => {
    expect(
      codes('POSTGRES_USER=\nBUCKET=\n', { POSTGRES_USER: 'postgres', BUCKET: 'my-b' }),
    ).toEqual([])
    expect(codes('DB_PASSWORD=\n', { DB_PASSWORD: 'postgres' })).toHaveLength(1)
  })

  it.each([
    ['https://shop.example', []],
    ['https://shop.example,https://other.example', ['contract/not-served']],
    ['https://partner.example', []],
    ['http://localhost:3000', ['contract/not-served']],
  ])('compares origins with the routes: %s', (value, expected) => {
    const schema = '# @type=zarpe_origins(also=[https://partner.example])\nCORS_ORIGINS=\n'
    expect(check(schema, { CORS_ORIGINS: value }).map(({ code }) => code)).toEqual(expected)
  })

  it.each([
    ['api.shop.example,localhost,backend', []],
    ['.shop.example', []],
    ['shop.example', ['contract/host-missing']],
    ['api.shop.example,wrong.example', ['contract/not-served']],
    ['api.shop.example,nobody', ['contract/not-served']],
  ])('compares hosts with the routes of the services that have them: %s', (value, expected) => {
    const schema = '# @type=zarpe_hosts\nALLOWED_HOSTS=\n'
    expect(check(schema, { ALLOWED_HOSTS: value }).map(({ code }) => code)).toEqual(expected)
  })

  it.each([
    ['postgres://u:p@db:5432/shop', '', []],
    ['postgres://u:p@db.managed.example/shop', '', []],
    ['postgres://u:p@postgres/shop', '', ['contract/no-service']],
    ['postgres://u:p@postgres/shop', '(elsewhere=true)', []],
    ['postgres://u:p@localhost/shop', '', ['contract/own-container']],
    ['postgres://u:p@db:5433/shop', '', ['contract/wrong-port']],
  ])('compares URLs with the services: %s %s', (value, options, expected) => {
    const schema = `# @type=zarpe_databaseUrl${options}\nDATABASE_URL=\n`
    expect(check(schema, { DATABASE_URL: value }).map(({ code }) => code)).toEqual(expected)
    expect(check(schema, { DATABASE_URL: value }, { services: null })).toEqual([])
  })

  it('never tells a value, neither one of its own nor a part', () => {
    const schema = [
      '# @type=zarpe_hosts',
      'ALLOWED_HOSTS=',
      '# @type=zarpe_origins',
      'CORS_ORIGINS=',
      '# @type=zarpe_databaseUrl',
      'DATABASE_URL=',
      '# @type=url',
      'HOOK=',
      '# @type=enum(a, b)',
      'MODE=',
      '# @type=zarpe_secret',
      'SECRET_KEY=',
    ].join('\n')
    const text = fc.string({
      unit: fc.constantFrom(...'qzxjkv'.split('')),
      minLength: 6,
      maxLength: 9,
    })
    const shape = fc.constantFrom(
      (each: string) => each,
      (each: string) => `${each}.example`,
      (each: string) => `https://${each}.example`,
      (each: string) => `postgres://${each}:${each}@${each}:1/${each}`,
      (each: string) => `http://${each}`,
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(text, shape), { minLength: 6, maxLength: 6 }), (all) => {
        const names = [
          'ALLOWED_HOSTS',
          'CORS_ORIGINS',
          'DATABASE_URL',
          'HOOK',
          'MODE',
          'SECRET_KEY',
        ]
        const values = Object.fromEntries(
          names.map((name, index) => [name, all[index]![1](all[index]![0])]),
        )
        const said = JSON.stringify(check(schema, values)).toLowerCase()
        for (const [secret] of all) expect(said).not.toContain(secret.slice(0, 5))
      }),
    )
  })
})

describe('defaultsOf', () => {
  it('gives what the environment lacks, references and lists as an app reads them', () => {
    const schema = [
      'BASE=https://shop.example',
      'API="${BASE}/api"',
      'LIST=[a, b]',
      '# @type=array(number, format=json)',
      'NUMBERS=[1, 2]',
      'OBJECT={a=1, b="2"}',
      'LEVEL=info',
      'EMPTY=',
      'UNKNOWN=exec(x)',
      'LOOP=$LOOP2',
      'LOOP2=$LOOP',
    ].join('\n')
    expect(
      defaultsOf(contractOf(schema), { LEVEL: 'debug', BASE: 'https://b.example' }, 'p'),
    ).toEqual({
      API: 'https://b.example/api',
      LIST: 'a,b',
      NUMBERS: '[1,2]',
      OBJECT: '{"a":1,"b":"2"}',
    })
  })
})

describe('strayNames', () => {
  it.each([
    ['SECRETKEY', 1],
    ['SECRET_KEYS', 1],
    ['SECERT_KEY', 1],
    ['SECRT_KEY', 1],
    ['OTHER', 0],
  ])('finds the one that was meant by %s', (name, count) => {
    expect(strayNames(contractOf('SECRET_KEY=\n'), { [name]: 'x' })).toHaveLength(count)
  })
})

describe('defaults that refer to one another', () => {
  const threeTimes = (name: string) => `"${'${NAME}'.replace('NAME', name).repeat(3)}"`
  const schema = (lines: string[]) =>
    contractOf(['# @defaultSensitive=false', '# ---', ...lines, ''].join('\n'))

  it('are decided once each, however many there are', () => {
    const lines = Array.from(
      { length: 60 },
      (_, index) => `A${index}=${threeTimes(`A${index + 1}`)}`,
    )
    const values = defaultsOf(schema([...lines, 'A60=x']), {}, 'production')
    expect(values['A58']).toBe('x'.repeat(9))
    expect(values).not.toHaveProperty('A0')
  })

  it('have no value when they refer to themselves', () => {
    const contract = schema([`A=${threeTimes('B')}`, `B=${threeTimes('A')}`, 'C=c'])
    expect(defaultsOf(contract, {}, 'production')).toEqual({ C: 'c' })
    expect(defaultsOf(contract, { B: 'b' }, 'production')).toEqual({ A: 'bbb', C: 'c' })
  })
})
