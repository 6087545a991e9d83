import { describe, expect, it } from 'vitest'
import { checkConfig } from '../../config/check.ts'
import { locate } from '../../config/places.ts'
import { dataWanted } from './wanted.ts'

const wanted = (data: string) => {
  const located = locate(
    'zarpe.yml',
    `app: shop
servers: { main: deploy@vps.example }
environments: { production: { servers: [main] } }
${data}`,
  )
  const { config, problems } = checkConfig(located)
  if (!config) throw new Error(JSON.stringify(problems))
  return dataWanted({
    located,
    config,
    project: 'shop-production',
    environment: 'production',
    values: {},
    written: [],
    compose: {
      services: {
        db: {
          image: 'postgres:17',
          volumes: [{ type: 'volume', source: 'data', target: '/var/lib/postgresql/data' }],
        },
        web: {
          image: 'shop:1',
          volumes: [
            { type: 'volume', source: 'uploads', target: '/uploads' },
            { type: 'volume', source: 'old_files', target: '/old' },
          ],
        },
      },
      volumes: { data: null, uploads: {}, old_files: { external: true, name: 'legacy' } },
    },
  })
}

describe('a volume that is backed up', () => {
  it('is told to the server as the engine knows it', () => {
    const { settings, problems } = wanted(
      'volumes: { uploads: { expect: { photos: ">= 1" } }, old: { volume: old_files, backup: { at: [] } } }',
    )
    expect(problems).toEqual([])
    expect(settings!.datasets).toMatchObject([
      {
        kind: 'volume',
        name: 'uploads',
        volume: 'shop-production_uploads',
        at: ['05:00'],
        beforeMigrations: false,
        expect: [{ what: 'photos', is: '>= 1' }],
      },
      { name: 'old', volume: 'legacy', at: [] },
    ])
  })

  it.each([
    ['volumes: { files: {} }', 'config/unknown-volume', 4, 12],
    ['volumes: { files: { volume: nowhere } }', 'config/unknown-volume', 4, 29],
    ['volumes: { data: {} }', 'config/volume-of-database', 4, 12],
    ['volumes: { uploads: { backup: { keep: { box: 3d } } } }', 'config/unknown-store', 4, 41],
    [
      'databases: { uploads: { postgres: { service: db } } }\nvolumes: { uploads: {} }',
      'config/same-dataset',
      5,
      12,
    ],
  ])('%s is refused at its place', (data, code, line, column) => {
    const { problems } = wanted(data)
    expect(problems).toMatchObject([{ code, place: { line, column } }])
  })
})

describe('a database that is backed up', () => {
  it('is of the kind that it is said to be', () => {
    const { settings, problems } = wanted(
      'databases: { a: { postgres: { service: db } }, b: { redis: { service: web } }, c: { mysql: { service: web }, expect: { s.t: ">= 1" } }, d: { rabbitmq: { service: web }, expect: { queues /eu: "1" } } }',
    )
    expect(problems).toEqual([])
    expect(settings!.datasets).toMatchObject([
      { kind: 'postgres', name: 'a', beforeMigrations: true },
      { kind: 'redis', name: 'b', service: 'web', password: null },
      { kind: 'mysql', name: 'c', expect: [{ query: 'SELECT count(*) FROM `s`.`t`' }] },
      { kind: 'rabbitmq', name: 'd', beforeMigrations: false, expect: [{ query: 'queues /eu' }] },
    ])
  })

  it('is read as fast as it is said, with its base backups, and by whom it is said', () => {
    const { settings } = wanted(
      'databases: { a: { postgres: { service: db }, backup: { rate: 20M, priority: normal, point_in_time: {} } }, b: { mysql: { service: web } } }\nvolumes: { uploads: { backup: { rate: 1M } } }',
    )
    expect(settings!.datasets).toMatchObject([
      { name: 'a', rate: 20_971_520, priority: 'normal' },
      { name: 'a-base', rate: 20_971_520, priority: 'normal' },
      { name: 'b', priority: 'low' },
      { name: 'uploads', rate: 1_048_576 },
    ])
    expect(settings!.datasets[2]).not.toHaveProperty('rate')
  })

  it('has no rate where nobody could keep to it', () => {
    const redis = 'databases: { a: { redis: { service: web }, backup: { rate: 1M } } }'
    expect(() => wanted(redis)).toThrow('all that it has at once')
  })

  it.each([
    ['databases: { a: { redis: { service: none } } }', 'config/unknown-service', 4, 37],
    ['databases: { a: { mysql: { service: none } } }', 'config/unknown-service', 4, 37],
    ['databases: { a: { rabbitmq: { service: none } } }', 'config/unknown-service', 4, 40],
    [
      'databases: { a: { rabbitmq: { service: web }, expect: { queue: "1" } } }',
      'config/unknown-definition',
      4,
      57,
    ],
    [
      'databases: { a: { redis: { service: web, password: UNSET } } }',
      'config/no-database-password',
      4,
      52,
    ],
  ])('%s is refused at its place', (data, code, line, column) => {
    expect(wanted(data).problems).toMatchObject([{ code, place: { line, column } }])
  })

  it.each(['{ a: {} }', '{ a: { redis: { service: web }, mysql: { service: web } } }'])(
    '%s is of no one kind',
    (databases) => {
      expect(() => wanted(`databases: ${databases}`)).toThrow('exactly one of')
    },
  )
})
