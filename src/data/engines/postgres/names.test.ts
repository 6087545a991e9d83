import { describe, expect, it } from 'vitest'
import { restoreNamesOf } from './names.ts'

const at = '2026-01-31T03:00:00.000Z'

describe('names of a restore', () => {
  it('say what they are', () => {
    expect(restoreNamesOf('shop', at)).toEqual({
      live: 'shop',
      beside: 'shop_new_20260131t030000',
      aside: 'shop_old_20260131t030000',
    })
  })

  it.each(['x'.repeat(63), 'ж'.repeat(31), '店'.repeat(21), '🛒'.repeat(15)])(
    'are never cut by PostgreSQL, which would make them those of live data: %s',
    (database) => {
      const { beside, aside } = restoreNamesOf(database, at)
      for (const name of [beside, `${aside}_undone`]) {
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63)
        expect(name).toMatch(/_(new|old)_20260131t030000(_undone)?$/)
      }
    },
  )

  it('differ where long names differ at their end alone', () => {
    const [one, other] = ['a', 'b'].map((end) => restoreNamesOf(`${'x'.repeat(60)}${end}`, at))
    expect(one!.beside).not.toBe(other!.beside)
  })
})
