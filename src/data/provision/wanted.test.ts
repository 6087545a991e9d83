import { describe, expect, it } from 'vitest'
import { checkConfig } from '../../config/check.ts'
import { locate } from '../../config/places.ts'
import { dataWanted } from '../wanted/wanted.ts'

const located = (main: string) =>
  locate(
    'zarpe.yml',
    `app: shop
servers: { main: deploy@vps.example }
environments: { production: { servers: [main] } }
databases:
  main:
    ${main}
`,
  )

const wanted = (main: string, values: Record<string, string> = {}) => {
  const own = located(main)
  const { config, problems } = checkConfig(own)
  if (!config) return { provision: [], problems }
  return dataWanted({
    located: own,
    config,
    project: 'shop-production',
    environment: 'production',
    written: [],
    values,
    compose: {
      services: {
        db: {
          image: 'postgres:17',
          volumes: [{ type: 'volume', source: 'data', target: '/var/lib/postgresql/data' }],
        },
        cache: { image: 'postgres:17' },
      },
      volumes: { data: null },
    },
  })
}

const provision = (role: string, more = '') =>
  `{ postgres: { service: db }, provision: { ${more} roles: { app: ${role} } } }`

describe('what a database must have', () => {
  it('is read with the value of each password', () => {
    const found = wanted(
      provision(
        '{ password: APP_PASSWORD, write: [public] }',
        'extensions: [citext, pg_trgm, uuid-ossp], owner: app,',
      ),
      { APP_PASSWORD: 'of the app' },
    )
    expect(found.problems).toEqual([])
    expect(found.provision).toEqual([
      {
        dataset: 'main',
        source: { from: 'service', service: 'db', database: null },
        extensions: ['citext', 'pg_trgm', 'uuid-ossp'],
        owner: 'app',
        roles: [{ name: 'app', password: 'of the app', read: [], write: ['public'] }],
      },
    ])
  })

  it('is no role of one server with two passwords', () => {
    const two = (other: string) =>
      wanted(
        `${provision('{ password: P }')}
  more:
    { postgres: { service: db, database: more }, provision: { roles: { app: { password: ${other} } } } }`,
        { P: 'one', Q: 'two', R: 'one' },
      ).problems
    expect(two('R')).toEqual([])
    expect(two('Q')).toEqual([
      expect.objectContaining({
        code: 'config/role-twice',
        place: expect.objectContaining({ line: 8 }),
      }),
    ])
  })

  it.each<[string, string, Record<string, string>, string]>([
    [
      'a password without a value',
      provision('{ password: NONE }'),
      {},
      'config/no-database-password',
    ],
    [
      'a password that programs send in different ways',
      provision('{ password: P }'),
      { P: 'contraseña' },
      'config/bad-role-password',
    ],
    ['a password in the file', provision('{ password: "s3cret!" }'), {}, 'config/invalid'],
    [
      'an owner that is no role',
      provision('{ password: P }', 'owner: other,'),
      { P: 'p' },
      'config/invalid',
    ],
    [
      'a role that PostgreSQL keeps for itself',
      '{ postgres: { service: db }, provision: { roles: { pg_read_all_data: { password: P } } } }',
      { P: 'p' },
      'config/invalid',
    ],
    [
      'a name that would be cut off',
      `{ postgres: { service: db }, provision: { extensions: [${'ñ'.repeat(32)}] } }`,
      {},
      'config/invalid',
    ],
    [
      'a database elsewhere',
      '{ postgres: { url: U, image: "postgres:17" }, provision: {} }',
      {},
      'config/invalid',
    ],
    ['another kind', '{ mysql: { service: db }, provision: {} }', {}, 'config/invalid'],
    [
      'a service that keeps nothing',
      '{ postgres: { service: cache }, provision: {} }',
      {},
      'config/provision-of-stateless',
    ],
  ])('is refused: %s', (_what, main, values, code) => {
    const { problems } = wanted(main, values)
    expect(problems.map((each) => each.code)).toEqual([code])
    expect(problems[0]!.place).toMatchObject({ file: 'zarpe.yml', line: 5 + 1 })
  })
})
