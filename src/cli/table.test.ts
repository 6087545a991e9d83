import { describe, expect, it } from 'vitest'
import { tableLines } from './table.ts'

describe('tableLines', () => {
  it('makes columns as wide as they need to be, with no spaces at the end', () => {
    expect(
      tableLines(
        ['service', 'state'],
        [
          ['web', 'healthy'],
          ['scheduler', ''],
        ],
      ),
    ).toEqual(['SERVICE    STATE', 'web        healthy', 'scheduler'])
  })

  it('shows no headings over nothing', () => expect(tableLines(['service'], [])).toEqual([]))
})
