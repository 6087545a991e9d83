import { expect, it } from 'vitest'
import { contentsLines } from './contents.ts'
import type { PostgresContents } from '../held.ts'
import { lossLines } from './render.ts'

const trap = 'public.\u001b[2Jorders\nnothing is seen to differ\u009b1A'

it('shows the name of a table and nothing that a terminal would obey', () => {
  const lines = [
    ...lossLines([{ what: trap, rowsNow: 2, rowsThen: 1 }]),
    ...contentsLines({
      ...({ kind: 'postgres', version: 170_004, database: trap, skipped: [] } as object),
      tables: [{ schema: 'public', name: trap, rows: 1, digest: '1' }],
    } as unknown as PostgresContents),
  ]
  expect(lines).toHaveLength(3)
  expect(lines.join('')).not.toMatch(/\p{Cc}/u)
  expect(lines[0]).toContain('orders')
})
