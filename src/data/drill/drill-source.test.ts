import { describe, expect, it } from 'vitest'
import { configuredOf } from '../wanted/configured.ts'
import { newestIn, refuseElsewhere } from './drill-source.ts'
import { backupAt, stored } from '../example.model.ts'
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

  it('takes the newest that is proven of those in the store, and says how old it is', () => {
    const configured = of({ from: 'service', service: 'db', database: null })
    const hour = (at: number, store: string, proven: boolean) =>
      backupAt(`2026-01-31T0${at}:00:00.000Z`, {
        copies: { [store]: stored },
        ...(proven ? {} : { proof: null }),
      })
    const backups = [hour(1, 'box', true), hour(2, 'box', false), hour(3, 'elsewhere', true)]
    const now = '2026-01-31T04:00:00.000Z'
    expect(newestIn(configured, backups, 'box', now)).toEqual([
      { dataset: 'main', kind: 'postgres', backup: 'main-20260131T010000Z', ageMs: 3 * 3_600_000 },
    ])
    // A server that has proven nothing itself knows no better.
    const unproven = backups.map((each) => ({ ...each, proof: null }))
    expect(newestIn(configured, unproven, 'box', now)).toMatchObject([
      { backup: 'main-20260131T020000Z' },
    ])
    expect(() => newestIn(configured, backups, 'nowhere', now)).toThrow(/"nowhere" has no backup/)
  })
})
