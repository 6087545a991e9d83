import { describe, expect, it } from 'vitest'
import { look } from './judge.ts'
import { parseLedger } from './ledger.ts'
import { emptyLedger } from './model.ts'

const now = '2026-01-01T03:00:00.000Z'

describe('the ledger of what was told', () => {
  it('is read as it was written', () => {
    const troubles = [
      { key: 'data/main/failed', text: 'x', occasion: 'y' },
      { key: 'data/main/missed', text: 'x' },
    ]
    const ledger = look(emptyLedger, troubles, now)
    expect(parseLedger(JSON.stringify(ledger))).toEqual(ledger)
  })

  it.each(['', 'null', '[]', '{}', '{"standing": 1}', '{"lookedAt": null, "standing": [null]}'])(
    'is empty if it is %j',
    (text) => expect(parseLedger(text)).toEqual(emptyLedger),
  )
})
