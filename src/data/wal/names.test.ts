import { describe, expect, it } from 'vitest'
import { historyOfSlot, nameOfSegmentFile, segmentFile, slotName } from './names.ts'

const archive = { project: 'shop-production', dataset: 'main-base', history: '0123456789ab' }
const segment = '00000001000000160000002A'

describe('names of an archive', () => {
  it('have the segments of a log in a folder of their own', () => {
    const file = segmentFile(archive, segment)
    expect(file).toBe(`wal/shop-production/main-base/0123456789ab/0000000100000016/${segment}.zst`)
    expect(nameOfSegmentFile(file)).toBe(segment)
    expect(nameOfSegmentFile(`${segment}.zst`)).toBe(segment)
    expect(nameOfSegmentFile(segmentFile(archive, segment, true))).toBe(segment)
    expect(segmentFile(archive, segment, true)).toBe(`${file}.age`)
    for (const other of [`${segment}.zst.part`, `x${segment}.zst`, `${segment}.gz`, 'a/b.json'])
      expect(nameOfSegmentFile(other)).toBe(null)
  })

  it('of a slot are those that PostgreSQL takes, and tell the history', () => {
    const slot = slotName('main-base', archive.history)
    expect(slot).toMatch(/^[a-z0-9_]{1,63}$/)
    expect(historyOfSlot('main-base', slot)).toBe(archive.history)
    expect(historyOfSlot('main', slot)).toBe(null)
    expect(historyOfSlot('main-base', 'their_own_slot')).toBe(null)
    expect(slotName('a'.repeat(26) + '-base', archive.history).length).toBeLessThanOrEqual(63)
  })
})
