import { describe, expect, it } from 'vitest'
import {
  addConstraint,
  afterRowsList,
  aroundDump,
  besideStatements,
  csvStatement,
  dataList,
  definitionList,
  dropConstraint,
  type Relation,
} from './part.ts'
import { chosenTables, refuseSameNames } from '../chosen-tables.ts'
import { quoted } from './sql.ts'

const id = 'main-20260131T030000Z'
const table = (schema: string, name: string): Relation => ({
  ...{ schema, name, isPartitioned: false },
  members: [{ schema, name }],
})
const events: Relation = {
  ...table('public', 'events'),
  isPartitioned: true,
  members: ['events', 'events_old', 'events_new'].map((name) => ({ schema: 'public', name })),
}
const odd = table('Odd "Schema"', 'Table; DROP TABLE x; --')
const relations = [
  table('public', 'orders'),
  table('books', 'orders'),
  table('public', 'Mixed'),
  table('a.b', 'c'),
  table('a', 'b.c'),
  events,
  odd,
]
const skipped = [{ schema: 'public', name: 'stale', why: 'a materialised view: filled anew' }]
const chosen = (...what: string[]) => chosenTables({ id, what, quoted }, relations, skipped)

describe('a table', () => {
  it('is meant by its name, with its schema or without, as it is shown or as SQL writes it', () => {
    expect(chosen('public.orders', '"books"."orders"', 'Mixed')).toEqual(
      [0, 1, 2].map((at) => relations[at]),
    )
    expect(chosen('Table; DROP TABLE x; --')).toEqual([odd])
    expect(chosen('Odd "Schema".Table; DROP TABLE x; --')).toEqual([odd])
    expect(chosen('"Odd ""Schema"""."Table; DROP TABLE x; --"')).toEqual([odd])
    expect(chosen('events', 'public.events')).toEqual([events])
    expect(chosen('"a"."b.c"')).toEqual([relations[4]])
  })

  it.each([
    ['orders', '"public"."orders" or "books"."orders"'],
    ['a.b.c', '"a.b"."c" or "a"."b.c"'],
    ['mixed', 'near it: public.Mixed'],
    ['ordres', 'near it: public.orders, books.orders'],
    ['stale', '"stale" is a materialised view'],
    ['', 'none of the 7 tables'],
  ])('is refused: %s', (word, says) => expect(() => chosen(word)).toThrow(says))
})

// As pg_restore 15 prints it.
const list = `;
; Archive created at 2026-01-31 03:00:00 UTC
;     TOC Entries: 84
;
10; 2615 16389 SCHEMA - Odd "Schema" owner
239; 1259 16815 TABLE Odd "Schema" Table; DROP TABLE x; -- owner
240; 1259 16820 TABLE public orders owner
3704; 0 16815 TABLE DATA Odd "Schema" Table; DROP TABLE x; -- owner
3705; 0 16820 TABLE DATA public orders owner
3706; 0 16821 TABLE DATA public orders_old owner
3707; 0 16822 TABLE DATA two lines owner
3725; 0 0 SEQUENCE SET public down owner
3730; 0 16900 MATERIALIZED VIEW DATA public stale owner
3731; 3466 16901 EVENT TRIGGER - watch owner
3732; 2606 16902 FK CONSTRAINT public MATERIALIZED VIEW DATA owner
3733; 0 0 COMMENT - EVENT TRIGGER watch owner
3734; 2606 16903 CHECK CONSTRAINT public orders never_validated owner
3735; 2620 16904 TRIGGER public orders noted owner
3736; 0 0 COMMENT public TRIGGER noted ON orders owner
3737; 0 0 COMMENT public CONSTRAINT never_validated ON orders owner
3738; 0 0 COMMENT public TABLE orders owner
`

describe('of the list of a dump', () => {
  it('all definitions are wanted, but nothing that fills or watches, nor what comes after rows', () => {
    expect(definitionList(list).split('\n')).toEqual([
      ...['10;', '239;', '240;', '3704;', '3705;', '3706;', '3707;', '3725;', '3732;', '3738;', ''],
    ])
  })

  it('triggers, and constraints that rows may not meet, come after the rows', () => {
    expect(afterRowsList(list).split('\n')).toEqual(['3734;', '3735;', '3736;', '3737;', ''])
  })

  it('rows are wanted of the tables alone, and where sequences stand', () => {
    expect(dataList(list, [{ schema: 'public', name: 'orders' }])).toBe('3705;\n3725;\n')
    expect(dataList(list, [odd])).toBe('3704;\n3725;\n')
    expect(dataList(list, [{ schema: 'two', name: 'lines' }])).toBe('3707;\n3725;\n')
    expect(dataList(list, [{ schema: 'two\nlines', name: 'owner' }])).toBe('3725;\n')
  })
})

describe('what psql is given', () => {
  it('quotes every name', () => {
    expect(besideStatements('re"d', [odd, events])).toEqual([
      'CREATE SCHEMA "re""d"',
      'CREATE TABLE "re""d"."Table; DROP TABLE x; --" AS SELECT * FROM ONLY "Odd ""Schema"""."Table; DROP TABLE x; --"',
      'CREATE TABLE "re""d"."events" AS SELECT * FROM "public"."events"',
    ])
    expect(csvStatement(table('public', 'orders'))).toBe(
      'COPY (SELECT * FROM ONLY "public"."orders") TO STDOUT WITH (FORMAT csv, HEADER true)',
    )
  })

  it('is taken in whole or not at all', () => {
    expect(aroundDump(id, null)).toEqual({
      before: `-- Tables of the backup ${id}, for psql: all of it or nothing.\n\\set ON_ERROR_STOP on\nBEGIN;\n`,
      after: 'COMMIT;\n',
    })
    expect(aroundDump(id, 'rescued').before).toContain('CREATE SCHEMA IF NOT EXISTS "rescued";\n')
  })

  it('has no two tables of one name in one schema', () => {
    refuseSameNames([relations[0]!, odd], quoted)
    expect(() => refuseSameNames([relations[0]!, relations[1]!], quoted)).toThrow('"orders"')
  })

  it('has constraints taken away that older rows need not meet, and has them again', () => {
    const row = { ...odd, constraint: 'a"b', definition: 'NOT NULL id NOT VALID' }
    const table = '"Odd ""Schema"""."Table; DROP TABLE x; --"'
    expect(dropConstraint(row)).toBe(`ALTER TABLE ${table} DROP CONSTRAINT "a""b"`)
    expect(addConstraint(row)).toBe(
      `ALTER TABLE ${table} ADD CONSTRAINT "a""b" NOT NULL id NOT VALID`,
    )
  })
})
