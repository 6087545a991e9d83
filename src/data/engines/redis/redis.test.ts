import { describe, expect, it } from 'vitest'
import { redisDifferences, type RedisFound } from './compare.ts'
import { isRefusal, parseConfig, parseKeyspace, passwordIn, portIn, roomFor } from './info.ts'

describe('what redis-cli prints', () => {
  it('tells the databases that have keys', () => {
    const text =
      '# Keyspace\r\ndb3:keys=1,expires=0,avg_ttl=0\r\ndb0:keys=12,expires=4,avg_ttl=9\r\n'
    expect(parseKeyspace(text)).toEqual([
      { number: 0, keys: 12, expiring: 4 },
      { number: 3, keys: 1, expiring: 0 },
    ])
    expect(parseKeyspace('# Keyspace\r\n')).toEqual([])
  })

  it('tells how many databases there must be', () => {
    expect(roomFor([])).toBe(16)
    expect(roomFor([{ number: 40, keys: 1, expiring: 0 }])).toBe(41)
  })

  it('tells settings, also empty ones', () => {
    expect(parseConfig('dir\n/data\n')).toEqual({ dir: '/data' })
    expect(parseConfig('save\n\n')).toEqual({ save: '' })
    expect(parseConfig('')).toEqual({})
  })

  it.each([
    ['NOAUTH Authentication required.', true],
    ['ERR unknown command', true],
    ['(error) WRONGPASS invalid', true],
    ['# Server\r\nredis_version:8.0.2', false],
    ['ERRATA', false],
  ])('%s is a refusal: %s', (answer, is) => expect(isRefusal(answer)).toBe(is))
})

describe('a command line', () => {
  it.each<[string[], string | null, string]>([
    [['redis-server', '--requirepass', 'p w', '--port', '7000'], 'p w', '7000'],
    [['redis-server', '--requirepass "quoted"'], 'quoted', '6379'],
    [['redis-server', '/etc/redis.conf'], null, '6379'],
    [[], null, '6379'],
  ])('%j has the password %j and the port %s', (args, password, port) => {
    expect(passwordIn(args)).toBe(password)
    expect(portIn(args)).toBe(port)
  })
})

describe('redisDifferences', () => {
  const held: RedisFound = {
    databases: [{ number: 0, keys: 12, expiring: 4 }],
    digest: 'a',
    functionsSha256: 'f',
  }

  it.each<[Partial<RedisFound>, string[]]>([
    [{}, []],
    [{ databases: [] }, ['database 0 has 0 keys, not 12']],
    [
      { databases: [...held.databases, { number: 2, keys: 1, expiring: 0 }] },
      ['database 2 has 1 keys, not 0'],
    ],
    [{ digest: 'b' }, ['its keys are all there, but other values in them']],
    [{ functionsSha256: null }, ['its functions differ']],
  ])('of %j are %j', (more, lines) =>
    expect(redisDifferences(held, { ...held, ...more })).toEqual(lines),
  )
})
