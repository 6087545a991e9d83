import { describe, expect, it } from 'vitest'
import { extractForm, type ExtractOptions, splitWords } from './extraction.ts'
import type { DatasetKind } from '../model.ts'
import { nearOf } from './near.ts'

const id = 'main-20260131T030000Z'
const form = (kind: DatasetKind, what: string[], options: Partial<ExtractOptions> = {}) =>
  extractForm(kind, id, what, { to: 'x', ...options })

describe('what is taken out', () => {
  it('may follow the name of a backup', () => {
    expect(splitWords([id, 'orders'])).toEqual({ id, what: ['orders'] })
    expect(splitWords(['orders', id])).toEqual({ id: undefined, what: ['orders', id] })
    expect(splitWords([])).toEqual({ id: undefined, what: [] })
  })

  it('of a database is SQL, beside the live tables, or CSV', () => {
    expect(form('postgres', ['a', 'b'])).toEqual({ as: 'sql', beside: null })
    expect(form('postgres', ['a'], { beside: 'rescued' })).toEqual({ as: 'sql', beside: 'rescued' })
    expect(form('mysql', ['a'], { beside: 'pg_é' })).toEqual({ as: 'sql', beside: 'pg_é' })
    expect(form('postgres', ['a'], { csv: true })).toEqual({ as: 'csv' })
  })

  it('of a volume is one file, or a tar', () => {
    expect(form('volume', ['a.jpg'])).toEqual({ as: 'files', tar: 'no' })
    expect(form('volume', ['a.jpg'], { tar: true })).toEqual({ as: 'files', tar: 'yes' })
    expect(form('volume', ['a.jpg'], { to: 'a.tar' })).toEqual({ as: 'files', tar: 'yes' })
    expect(form('volume', ['old.tar'], { to: 'a.tar' })).toEqual({ as: 'files', tar: 'if-needed' })
    expect(form('volume', ['photos'], { to: '-' })).toEqual({ as: 'files', tar: 'if-needed' })
  })

  it.each<[string, () => unknown, string]>([
    ['nothing named', () => form('postgres', []), 'No table was named'],
    ['no file named', () => form('volume', []), 'No file or folder'],
    ['two tables as CSV', () => form('postgres', ['a', 'b'], { csv: true }), 'one table'],
    ['CSV beside', () => form('postgres', ['a'], { csv: true, beside: 'x' }), 'rows alone'],
    ['a table as tar', () => form('postgres', ['a'], { tar: true }), '`--tar`'],
    ['a file as CSV', () => form('volume', ['a'], { csv: true }), '`--csv`'],
    [
      'a schema without a name',
      () => form('postgres', ['a'], { beside: '' }),
      'cannot be a schema',
    ],
    ['a schema of the server', () => form('postgres', ['a'], { beside: 'pg_x' }), 'cannot be'],
    ['keys of Redis', () => form('redis', ['name']), 'one snapshot of all keys'],
    ['queues of RabbitMQ', () => form('rabbitmq', ['orders']), 'one file of all definitions'],
    ['rows of MariaDB', () => form('mysql', ['items'], { csv: true }), 'tables of PostgreSQL'],
    [
      'a database with a slash',
      () => form('mysql', ['items'], { beside: 'a/b' }),
      'cannot be a database',
    ],
  ])('is refused: %s', (_what, act, says) => expect(act).toThrow(says))
})

describe('names near one', () => {
  const tables = ['public.orders', 'public.order_items', 'public.users', 'books.Orders']
  it.each([
    ['ordres', ['public.orders', 'books.Orders']],
    ['shop.orders', ['public.orders', 'books.Orders']],
    ['PUBLIC.ORDERS', ['public.orders', 'books.Orders']],
    ['items', ['public.order_items']],
    ['zebra', []],
  ])('%s', (given, near) => expect(nearOf(given, tables, '.')).toEqual(near))

  it('finds a file in whatever folder', () => {
    const files = ['photos', 'photos/a.jpg', 'photos/deep/b.jpg', 'a.txt']
    expect(nearOf('b.jpg', files, '/')).toEqual(['photos/deep/b.jpg', 'photos/a.jpg'])
  })
})
