import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseContract } from '../syntax/parse.ts'
import { entropyBits } from './secret.ts'
import { judge, typeMistakes, types, useOf } from './table.ts'

const scope = { environment: 'production', valueOf: () => undefined }

/** A type as somebody would write it behind `@type=`. */
const use = (text: string) => {
  const { contract, problems } = parseContract('s', `# @type=${text}\nA=`)
  expect(problems).toEqual([])
  return useOf(contract.variables[0]!.type, scope)!
}

const wrong = (type: string, value: string) => judge(value, use(type))

describe('every type', () => {
  it.each(Object.entries(types))('%s accepts its own sample and says what it is', (name, type) => {
    const own = type.members === 'values' ? use(`${name}(${type.sample})`) : use(name)
    expect(judge(type.sample, own)).toBeNull()
    expect(type.format(own)).not.toBe('')
    expect(type.meaning.endsWith('.')).toBe(true)
    expect(typeMistakes({ is: 'call', name, args: [], named: {} }).length).toBe(
      type.members === 'values' ? 1 : 0,
    )
  })

  it('accepts what it makes itself, whatever its options', () => {
    const makers = Object.entries(types).filter(([, type]) => type.generate)
    expect(makers.map(([name]) => name)).toEqual([
      'zarpe_secret',
      'zarpe_password',
      'zarpe_fernet',
      'zarpe_key',
    ])
    const options = fc.record(
      {
        minLength: fc.integer({ min: 1, max: 300 }),
        minEntropy: fc.integer({ min: 1, max: 2000 }),
        bytes: fc.integer({ min: 1, max: 512 }),
        encoding: fc.constantFrom('hex', 'base64', 'base64url'),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.constantFrom(...makers), options, ([name, type], given) => {
        const known = Object.entries(given).filter(([option]) =>
          Object.hasOwn(type.options, option),
        )
        const text = known.map(([option, value]) => `${option}=${value}`).join(', ')
        const own = use(text ? `${name}(${text})` : name)
        const value = type.generate!(own, randomBytes)
        expect(judge(value, own)).toBeNull()
        if (value.length > 20) expect(type.generate!(own, randomBytes)).not.toBe(value)
      }),
    )
  })

  it('never tells a part of a value', () => {
    // Letters that no message has together, so that finding them means that they were told.
    const secret = fc.string({
      unit: fc.constantFrom(...'QZXJKV'.split('')),
      minLength: 6,
      maxLength: 12,
    })
    const shapes = fc.constantFrom(
      (s: string) => s,
      (s: string) => `["${s}","${s}"]`,
      (s: string) => `[${s}`,
      (s: string) => `{"${s}": ${s}}`,
      (s: string) => `postgres://${s}:${s}@${s}:${s}/${s}`,
      (s: string) => `http://${s} /${s}`,
      (s: string) => `${s},${s}, ${s}`,
      (s: string) => `${s}@${s}`,
      (s: string) => `* * * ${s} *`,
      (s: string) => `${s}%${s}://`,
    )
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(types)), secret, shapes, (name, text, shape) => {
        const own = use(name === 'enum' ? 'enum(a, b)' : name)
        const nested = { ...own, of: use('port') }
        for (const each of [own, nested]) {
          const said = judge(shape(text), each) ?? ''
          expect(said).not.toContain(text.slice(0, 4))
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('never throws, whatever the value', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(types)),
        fc.string({ unit: 'binary' }),
        (name, value) => {
          judge(value, use(name === 'enum' ? 'enum(a, b)' : name))
        },
      ),
    )
  })
})

describe('a value', () => {
  it.each([
    ['string(minLength=3)', 'ab'],
    ['string(maxLength=1)', 'ab'],
    ['string(isLength=1)', 'ab'],
    ['string(startsWith=sk-)', 'pk-1'],
    ['string(endsWith=z)', 'pk-1'],
    ['string(matches=regex("^[a-f]+$", "i"))', 'xyz'],
    ['string(matches=/^a,b$/)', 'xyz'],
    ['string(toUpperCase=true)', 'aB'],
    ['enum(info, debug)', 'INFO'],
    ['enum(info, debug)', 'trace'],
    ['boolean', 'ja'],
    ['number', '1,5'],
    ['number', '0x10'],
    ['number(min=2)', '1'],
    ['number(isInt=true)', '1.5'],
    ['number(precision=1)', '1.55'],
    ['number(isDivisibleBy=5)', '7'],
    ['port', '65536'],
    ['port', '80.5'],
    ['port(min=1024)', '80'],
    ['zarpe_size', '64X'],
    ['zarpe_size(max=1G)', '2G'],
    ['zarpe_size(plain=true)', '64M'],
    ['duration', '10 parsecs'],
    ['duration(max=1h)', '2h'],
    ['duration(unit=true)', '30'],
    ['isoDate', '2024-02-31'],
    ['semver', '1.2'],
    ['uuid', '123e4567'],
    ['md5', 'd41d'],
    ['email', 'a@b'],
    ['email', 'a b@shop.example'],
    ['ip', '256.1.1.1'],
    ['ip(version=4)', '::1'],
    ['ip(version=6)', '1.2.3.4'],
    ['domain', 'https://shop.example'],
    ['domain', 'localhost'],
    ['domain', 'shop.example:443'],
    ['url', 'shop.example'],
    ['url', 'https://'],
    ['url', 'https://a b'],
    ['url(allowedProtocols=[https])', 'http://shop.example'],
    ['url(allowedDomains=[shop.example])', 'https://other.example'],
    ['url(noTrailingSlash=true)', 'https://shop.example/'],
    ['simple-object', '[1]'],
    ['zarpe_path', 'data'],
    ['zarpe_path', '~/data'],
    ['zarpe_path', 'C:\\data'],
    ['zarpe_cron', '0 3 * *'],
    ['zarpe_cron', '61 3 * * *'],
    ['zarpe_cron', '*/0 3 * * *'],
    ['zarpe_cron', '0 3 5-2 * *'],
    ['array', '["a","b"]'],
    ['array', 'a, b'],
    ['array', 'a,,b'],
    ['array', '"a","b"'],
    ['array', "['a','b']"],
    ['array(format=json)', 'a,b'],
    ['array(port)', '80,x'],
    ['array(minLength=3)', 'a,b'],
    ['array(unique=true)', 'a,a'],
    ['record(number)', '{"a":"x"}'],
    ['zarpe_hosts', 'https://shop.example'],
    ['zarpe_hosts', '*'],
    ['zarpe_origins', 'shop.example'],
    ['zarpe_origins', 'https://shop.example/'],
    ['zarpe_origins', '*'],
    ['zarpe_databaseUrl', 'db:5432/shop'],
    ['zarpe_databaseUrl', 'http://u:p@db/shop'],
    ['zarpe_databaseUrl', 'postgres://u:p@db'],
    ['zarpe_databaseUrl', 'postgres://db/shop'],
    ['zarpe_databaseUrl', 'postgres://u:p@ss@db/shop'],
    ['zarpe_databaseUrl', 'postgres://u:p#ss@db/shop'],
    ['zarpe_databaseUrl', 'postgres://u:p%ss@db/shop'],
    ['zarpe_databaseUrl(needs=[password])', 'postgres://u@db/shop'],
    ['zarpe_databaseUrl(schemes=[mysql])', 'postgres://u:p@db/shop'],
    ['zarpe_redisUrl', 'redis://redis:6379/cache'],
    ['zarpe_amqpUrl', 'amqp://rabbitmq:5672'],
    ['zarpe_smtpUrl', 'smtp://mail.shop.example'],
    ['zarpe_secret', 'short'],
    ['zarpe_secret', 'a'.repeat(40)],
    ['zarpe_secret', 'changemechangemechangemechangeme'],
    ['zarpe_secret', 'abcdefghijklmnopqrstuvwxyz0123456789'],
    ['zarpe_password', 'passwordpassword'],
    ['zarpe_fernet', 'hV3kq9TzR0bW7mXe2Ld8sYpN4uCfGa1JhV3kq9TzR0g'],
    ['zarpe_fernet', 'hV3kq9TzR0bW7mXe2Ld8sYpN4uCfGa1JhV3kq9Tz+/g='],
    ['zarpe_key(bytes=16)', '8f1c0e7ab35d9244'],
    ['zarpe_key', 'zz'.repeat(32)],
    ['zarpe_key', '00'.repeat(32)],
    ['zarpe_key(encoding=base64)', 'AAA'],
  ])('is refused by %s', (type, value) => expect(wrong(type, value)).toEqual(expect.any(String)))

  it.each([
    ['number', '-1.5e3'],
    ['duration', '1h30m'],
    ['duration', '2 days'],
    ['ip', '::ffff:192.168.1.1'],
    ['domain(allowWildcard=true)', '*.shop.example'],
    ['domain(allowIp=true)', '10.0.0.1'],
    ['zarpe_cron', '*/15 0-6,22 1 jan-mar mon'],
    ['zarpe_cron', '@daily'],
    ['zarpe_cron(seconds=true)', '0 0 3 * * *'],
    ['array(port, separator=";")', '80;443'],
    ['array(port, format=json)', '[80, 443]'],
    ['array(enum(a, b))', 'b,a'],
    ['zarpe_hosts(format=json)', '["shop.example",".shop.example"]'],
    ['zarpe_hosts(allowWildcard=true)', '*,*.shop.example'],
    ['zarpe_origins', 'http://localhost:3000,https://shop.example'],
    ['zarpe_databaseUrl', 'postgresql+asyncpg://u:p%40ss@db:5432/shop?sslmode=require'],
    ['zarpe_databaseUrl', 'mongodb://u:p@a:27017,b:27017/shop?replicaSet=rs'],
    ['zarpe_databaseUrl', 'postgres://u:p@[::1]:5432/shop'],
    ['zarpe_redisUrl', 'rediss://:p@cache.shop.example'],
    ['url', 'postgres://root@localhost:5432/local'],
    ['if(eq(a, a), url, port)', 'https://shop.example'],
  ])('is right for %s', (type, value) => expect(wrong(type, value)).toBeNull())

  it('is worth as many bits as chance would need', () => {
    expect(entropyBits('')).toBe(0)
    expect(entropyBits('aaaaaaaaaaaaaaaa')).toBe(0)
    expect(entropyBits('12345678901234567890')).toBeLessThan(20)
    expect(entropyBits(randomBytes(32).toString('hex'))).toBeGreaterThan(150)
  })
})
