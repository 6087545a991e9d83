import type { DataEngine } from '../../engine.ts'
import type { PostgresContents, PostgresDataset } from '../../model.ts'
import { prove } from './prove.run.ts'
import { discard, expect, load, swap, there, weigh } from './restore.run.ts'
import { take } from './take.run.ts'

/** The longest name that PostgreSQL does not cut. */
const nameBytesMax = 63

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
  names: ({ database }, at) => {
    const time = at.slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase()
    const name = (word: string) => `${database.slice(0, nameBytesMax - 24)}_${word}_${time}`
    return { live: database, beside: name('new'), aside: name('old') }
  },
  summary: ({ tables }) => ({
    units: tables.length,
    unit: 'table',
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    row: 'row',
  }),
}
