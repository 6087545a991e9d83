import { describe, expect, it } from 'vitest'
import { segmentFile } from './names.ts'
import { firstNeeded, lastNeeded, spentFiles } from './needed.ts'

const segmentBytes = 16 * 1024 * 1024
const archive = (history: string) => ({ project: 'shop-production', dataset: 'main-base', history })
const now = '0123456789ab'
const before = 'ba9876543210'
const names = ['000000010000000000000003', '000000010000000000000004', '000000010000000000000005']
const files = (history: string) => names.map((name) => segmentFile(archive(history), name))
const base = (history: string, startLsn: string) => ({
  history,
  timeline: 1,
  startLsn,
  segmentBytes,
})

describe('what an archive keeps', () => {
  it('begins where the first base backup does', () => {
    expect(firstNeeded(base(now, '0/4000028'))).toBe(names[1])
    const whole = (stopLsn: string) => lastNeeded({ timeline: 1, stopLsn, segmentBytes })
    expect([whole('0/4000120'), whole('0/5000000'), whole('0/5000001')]).toEqual(
      names.slice(1, 2).concat(names.slice(1)),
    )
    const bases = [base(now, '0/5000028'), base(now, '0/4000028')]
    expect(spentFiles(files(now), bases, [before])).toEqual(files(now).slice(0, 1))
  })

  it('is all of the history that goes on, before it has a base backup', () => {
    expect(spentFiles(files(now), [base(before, '0/5000028')], [before])).toEqual([])
  })

  it('is nothing of a history that ended and of which no base backup is left', () => {
    const all = [...files(before), ...files(now)]
    expect(spentFiles(all, [base(now, '0/3000028')], [before])).toEqual(files(before))
    // Of another server: it may take its first one now.
    expect(spentFiles(all, [base(now, '0/3000028')], [])).toEqual([])
  })

  it('is whatever is no segment', () => {
    expect(spentFiles([`wal/shop-production/main-base/${before}/note.txt`], [], [before])).toEqual(
      [],
    )
  })
})
