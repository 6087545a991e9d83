import { describe, expect, it } from 'vitest'
import { dataFoldersOf, keeps } from './databases.ts'

const isKept = (image: string, target: string, pgdata?: string) => {
  const folders = dataFoldersOf({ image, ...(pgdata ? { environment: { PGDATA: pgdata } } : {}) })
  return folders && folders.some((folder) => keeps(target, folder))
}

describe('where a database keeps its data', () => {
  it.each([
    ['postgres:17', '/var/lib/postgresql/data', undefined, true],
    ['postgres:17', '/var/lib/postgresql', undefined, false],
    ['postgres:17.2-alpine', '/var/lib/postgresql/data/', undefined, true],
    ['postgres:17', '/data', '/data/pg', true],
    ['postgres:17', '/var/lib/postgresql/data', '/data/pg', false],
    ['postgres:18', '/var/lib/postgresql', undefined, true],
    ['postgres:18', '/var/lib/postgresql/data', undefined, false],
    ['postgres', '/var/lib/postgresql', undefined, true],
    ['timescale/timescaledb:2.17-pg16', '/var/lib/postgresql', undefined, false],
    ['registry.example:5000/team/mysql:8@sha256:aa', '/var/lib/mysql', undefined, true],
    ['mongo:7', '/data', undefined, true],
    ['mongo:7', '/data/configdb', undefined, false],
    ['redis:8', '/data', undefined, null],
    ['shop:1', '/data', undefined, null],
  ])('%s with a volume at %s and PGDATA %s: %s', (image, target, pgdata, expected) =>
    expect(isKept(image, target, pgdata)).toBe(expected),
  )
})
