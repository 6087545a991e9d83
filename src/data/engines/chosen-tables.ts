import { Problem } from '../../problem/problem.ts'
import { misused } from '../extract/extraction.ts'
import { nearOf } from '../extract/near.ts'
import { nameOf, type TableName } from './tables.ts'

// Which tables somebody means who names them, in any kind of SQL.

/** What a table is called, and in which backup it is looked for; `quoted` is how its SQL writes a name. */
export type Asked = { id: string; what: string[]; quoted: (name: string) => string }

type Left = TableName & { why: string }

/** The tables that are meant, each once, or a `Problem` for the first word that names none or several. */
export const chosenTables = <Table extends TableName>(
  asked: Asked,
  tables: Table[],
  skipped: Left[],
): Table[] => [...new Set(asked.what.map((word) => chosenTable(asked, word, tables, skipped)))]

const chosenTable = <Table extends TableName>(
  { id, quoted }: Asked,
  word: string,
  tables: Table[],
  skipped: Left[],
): Table => {
  const whole = (table: TableName) => `${quoted(table.schema)}.${quoted(table.name)}`
  /** As `zarpe backup show` prints it, or as SQL does; the schema may be left out. */
  const isCalled = (table: TableName) =>
    [nameOf(table), table.name, whole(table), quoted(table.name)].includes(word)
  const found = tables.filter(isCalled)
  const exact = found.find((each) => whole(each) === word)
  if (exact) return exact
  if (found.length === 1) return found[0]!
  if (found.length > 1) throw severalTables(word, found.map(whole))
  const left = skipped.find(isCalled)
  if (left) throw withoutRows(word, left.why)
  throw noSuchTable(id, word, tables)
}

/** Two tables cannot stand beside each other under one name. */
export const refuseSameNames = (tables: TableName[], quoted: Asked['quoted']) => {
  const same = tables.find(({ name }, at) => tables.slice(0, at).some((each) => each.name === name))
  if (!same) return
  throw misused(
    `Several of the tables are called ${quoted(same.name)}; in one place there can be one of them.`,
    ['Take them out one after the other, each with a --beside of its own.'],
  )
}

const severalTables = (word: string, found: string[]) =>
  new Problem({
    code: 'data/which-table',
    summary: 'It is not clear which table is meant.',
    detail: `"${word}" can be ${found.join(' or ')}.`,
    fix: ['Name it with its schema, as it is written here, in quotes of your shell.'],
  })

const withoutRows = (word: string, why: string) =>
  new Problem({
    code: 'data/no-rows',
    summary: 'The backup has no rows of this.',
    detail: `"${word}" is ${why}.`.replace(' is belongs', ' belongs'),
    fix: ['Take out the tables that it is made of.'],
  })

const noSuchTable = (id: string, word: string, tables: TableName[]) => {
  const near = nearOf(word, tables.map(nameOf), '.')
  return new Problem({
    code: 'data/no-such-table',
    summary: 'The backup has no such table.',
    detail: `"${word}" is none of the ${tables.length} tables of ${id}${near.length > 0 ? `; near it: ${near.join(', ')}` : ''}.`,
    fix: [`zarpe backup show ${id}    # its tables, with their rows`],
  })
}
