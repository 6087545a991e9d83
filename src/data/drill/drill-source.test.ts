import { describe, expect, it } from 'vitest'
import { configuredOf } from '../wanted/configured.ts'
import { refuseElsewhere } from './drill-source.ts'
import type { PostgresDataset } from '../model.ts'

const of = (source: PostgresDataset['source']) =>
  configuredOf({
    project: 'shop-production',
    datasets: [
      {
        name: 'main',
        kind: 'postgres',
        source,
        jobs: 1,
        at: [],
        keep: {},
        expect: [],
        beforeMigrations: true,
      },
    ],
    stores: [],
    recipients: [],
  })

describe('a drill', () => {
  it('restores what the app keeps itself', () => {
    refuseElsewhere(of({ from: 'service', service: 'db', database: null }))
  })

  it('never restores into a database that serves elsewhere', () => {
    const managed = of({
      from: 'url',
      url: 'postgresql://u:secret@db.example/shop',
      image: 'postgres:17',
    })
    expect(() => refuseElsewhere(managed)).toThrow(/main is not a service of the app/)
    expect(JSON.stringify(managed)).not.toContain('secret')
  })
})
