import { describe, expect, it } from 'vitest'
import type { PostgresContents } from '../../held.ts'
import { differencesOf, type Found } from './compare.ts'
import { parseUrl, passwordLine, serviceConnection } from './connection.ts'
import { meets } from '../meets.ts'
import { schemaDigest } from './schema-text.ts'
import { settingStatement } from './settings.ts'
import { countQuery, literal, lockTables, quoted } from './sql.ts'

const held: PostgresContents = {
  kind: 'postgres',
  version: 170_004,
  image: 'postgres:17',
  database: 'shop',
  bytes: 1,
  owner: 'postgres',
  encoding: 'UTF8',
  locale: { provider: 'c', collate: 'C', ctype: 'C', locale: null },
  tables: [
    { schema: 'public', name: 'users', rows: 7320, digest: '1' },
    { schema: 'public', name: 'notes', rows: 2, digest: '2' },
  ],
  sequences: [{ schema: 'public', name: 'ids', before: '10', after: '20' }],
  largeObjects: { count: 1, digest: '5', empty: 0 },
  schemaSha256: 'a',
  extensions: [{ name: 'citext', version: '1.6' }],
  roles: [],
  skipped: [],
}

const found = (more: Partial<Found> = {}): Found => ({
  tables: held.tables,
  sequences: [{ schema: 'public', name: 'ids', value: '15' }],
  largeObjects: held.largeObjects,
  extensions: held.extensions,
  schemaSha256: 'a',
  ...more,
})

describe('differencesOf', () => {
  it('has nothing to say of an equal database', () => {
    expect(differencesOf(held, found())).toEqual([])
  })

  it('tells tables apart whose names only look alike', () => {
    const tables = [
      { schema: 'a.b', name: 'c', rows: 1, digest: '1' },
      { schema: 'a', name: 'b.c', rows: 2, digest: '2' },
    ]
    expect(differencesOf({ ...held, tables }, found({ tables }))).toEqual([])
  })

  it.each<[Partial<Found>, string]>([
    [{ tables: held.tables.slice(1) }, 'public.users is missing (7320 rows)'],
    [
      { tables: [{ ...held.tables[0]!, rows: 206 }, held.tables[1]!] },
      'public.users has 206 rows, not 7320',
    ],
    [
      { tables: [{ ...held.tables[0]!, digest: '9' }, held.tables[1]!] },
      'public.users has its 7320 rows, but other values in them',
    ],
    [
      { tables: [...held.tables, { schema: 'x', name: 'y', rows: 0, digest: '0' }] },
      'x.y was not in the backup',
    ],
    [
      { sequences: [{ schema: 'public', name: 'ids', value: '9' }] },
      'sequence public.ids stands at 9, not between 10 and 20',
    ],
    [{ sequences: [] }, 'sequence public.ids is missing'],
    [{ largeObjects: { count: 0, digest: '0' } }, 'there are 0 large objects, not 1'],
    [
      { largeObjects: { count: 1, digest: '5', empty: 2 } },
      'there are 2 empty large objects, not 0',
    ],
    [{ extensions: [] }, 'extension citext is missing, not 1.6'],
    [
      { schemaSha256: 'b' },
      'the definitions of tables, views, functions or rights differ (pg_dump --schema-only)',
    ],
  ])('names %j', (more, line) => {
    expect(differencesOf(held, found(more))).toEqual([line])
  })
})

describe('differencesOf, in a live server', () => {
  const differences = (more: Partial<Found>) =>
    differencesOf(held, found({ schemaSha256: null, ...more }))

  it('lets extensions have been upgraded, and rights be others', () => {
    expect(differences({ extensions: [{ name: 'citext', version: '1.8' }] })).toEqual([])
    expect(differences({ extensions: [] })).toEqual(['extension citext is missing, not 1.6'])
  })
})

describe('sql', () => {
  it('quotes names and texts whatever they hold', () => {
    expect(quoted('a"; DROP TABLE x; --')).toBe('"a""; DROP TABLE x; --"')
    expect(literal("it's")).toBe("'it''s'")
    expect(literal("a\\'b")).toBe(" E'a\\\\''b'")
  })

  it('counts a table without columns', () => {
    const table = { schema: 's', name: 'void', kind: 'r' as const, extension: null, columns: [] }
    expect(countQuery(table)).toContain('ROW(0)')
  })

  it('hashes as text whatever hashes two different values alike', () => {
    const columns = ['int8', 'numeric', 'float8', 'interval', 'jsonb', 'text'].map((type) => ({
      name: type,
      type,
      builtin: true,
      cast: false,
    }))
    const query = countQuery({ schema: 's', name: 't', kind: 'r', extension: null, columns })
    expect(query).toContain('ROW("int8", "numeric"::pg_catalog.text')
    for (const type of ['float8', 'interval', 'jsonb', 'text'])
      expect(query).toContain(`"${type}"::pg_catalog.text COLLATE "C"`)
  })

  it('runs no cast that somebody has made in the database', () => {
    const columns = [{ name: 'mood', type: 'mood', builtin: false, cast: true }]
    const query = countQuery({ schema: 's', name: 't', kind: 'r', extension: null, columns })
    expect(query).not.toContain('::pg_catalog.text')
    expect(query).toContain(`pg_catalog.format('%s', "mood")`)
  })

  it('locks tables alone, in parts', () => {
    const tables = Array.from({ length: 250 }, (_each, index) => ({
      schema: 's',
      name: `t${index}`,
      kind: index === 0 ? ('m' as const) : ('r' as const),
    }))
    const text = lockTables(tables)
    expect(text.split('LOCK TABLE')).toHaveLength(3)
    expect(text).not.toContain('"t0"')
  })

  it('keeps lists of a setting a list', () => {
    const at = (setting: string, role: string | null = null) =>
      settingStatement({ role, setting }, 'shop')
    expect(at('search_path=books, "Odd, one"')).toBe(
      'ALTER DATABASE "shop" SET "search_path" TO books, "Odd, one"',
    )
    expect(at("app.note=it's=so", 'ann')).toBe(
      `ALTER ROLE "ann" IN DATABASE "shop" SET "app"."note" TO 'it''s=so'`,
    )
  })
})

describe('schemaDigest', () => {
  it('does not see what is written anew each time', () => {
    const text =
      '--\n-- Dumped by pg_dump version 17.4\n\\restrict abc\nCREATE TABLE a;\nCREATE TABLE b;'
    expect(schemaDigest(text)).toBe(
      schemaDigest('CREATE TABLE b;\n\nCREATE TABLE a;\n\\restrict xyz'),
    )
    expect(schemaDigest(text)).not.toBe(schemaDigest('CREATE TABLE a;'))
    expect(schemaDigest('-- of the function')).not.toBe(schemaDigest(''))
  })
})

describe('connections', () => {
  it('reads URLs as frameworks write them', () => {
    expect(
      parseUrl({ url: 'postgresql+asyncpg://u%40x:p%3A%2Fw@db.example/shop?sslmode=require' }),
    ).toEqual({
      host: 'db.example',
      port: '5432',
      user: 'u@x',
      password: 'p:/w',
      database: 'shop',
      more: { PGSSLMODE: 'require' },
    })
    for (const url of ['mysql://u:p@h/d', 'postgresql://h/d', 'postgresql://u@h', 'nonsense'])
      expect(parseUrl({ url })).toBeNull()
  })

  it('escapes the password file', () => {
    const connection = serviceConnection(
      'db',
      { POSTGRES_PASSWORD: 'a:b\\c', POSTGRES_DB: 'shop' },
      null,
    )
    expect(passwordLine(connection)).toBe('db:5432:*:postgres:a\\:b\\\\c\n')
    expect(connection.database).toBe('shop')
  })
})

describe('meets', () => {
  it.each([
    ['7320', '>= 7000', true],
    ['206', '>= 7000', false],
    ['abc', 'abc', true],
    ['abc', '!= abc', false],
    [3, '< 3', false],
    [null, '>= 0', false],
    ['x', '> 1', false],
    ['', '= ', true],
  ])('%j %s: %s', (answer, is, expected) => {
    expect(meets(answer, is)).toBe(expected)
  })
})
