import type { DataEngine } from '../../engine.ts'
import type { PostgresContents } from '../../held.ts'
import type { PostgresDataset } from '../../model.ts'
import { extract } from './extract.run.ts'
import { restoreNamesOf } from './names.ts'
import { prove } from './prove.run.ts'
import { discard, expect, load, swap, there, weigh } from './restore.run.ts'
import { take } from './take.run.ts'

/** PostgreSQL 14 to 18, by the programs of its own image. */
export const postgres: DataEngine<PostgresDataset, PostgresContents> = {
  take,
  prove,
  load,
  swap,
  there,
  discard,
  weighsBy: [],
  weigh,
  expect,
  extract,
  names: ({ database }, at) => restoreNamesOf(database, at),
  summary: ({ tables }) => ({
    units: tables.length,
    unit: 'table',
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    row: 'row',
  }),
}
