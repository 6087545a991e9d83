import { describe, expect, it } from 'vitest'
import { isAway } from './ends.ts'
import type { Log } from './model.ts'
import { resumed } from './resume.ts'

const log = (history: string, more: Partial<Log> = {}): Log => ({
  history,
  timeline: 1,
  segmentBytes: 16 * 1024 * 1024,
  first: '000000010000000000000003',
  last: null,
  sealedFor: null,
  through: null,
  stores: {},
  ...more,
})

const at = '2026-01-31T12:00:00.000Z'
const since = '2026-01-31T11:59:30.000Z'
const dataset = 'main-base'
const [one, two] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb']

describe('the log that a server writes now', () => {
  const first = resumed(null, { dataset, at, since, log: log(one) })
  const far = {
    ...first,
    last: '000000010000000000000009',
    snapshot: '7:7:',
    stores: { box: { last: '000000010000000000000008', through: at, problem: null } },
  }

  it('goes on where it was', () => {
    expect(resumed(far, { dataset, at, since, log: log(one) })).toBe(far)
  })

  it('begins anew after a restore, and what ended is remembered with what stores have of it', () => {
    const restored = resumed(far, { dataset, at, since, log: log(two, { timeline: 2 }) })
    expect(restored).toMatchObject({ history: two, last: null, stores: {}, snapshot: null })
    expect(restored.past).toEqual([
      expect.objectContaining({ history: one, last: far.last, stores: far.stores }),
    ])
    expect(restored.past[0]).not.toHaveProperty('past')
  })

  it('is taken up again after an undo, and sent on from where each store was', () => {
    const restored = resumed(far, { dataset, at, since, log: log(two, { timeline: 2 }) })
    const undone = resumed(restored, { dataset, at, since, log: log(one) })
    expect(undone).toMatchObject({ history: one, last: far.last, stores: far.stores })
    expect(undone.past.map(({ history }) => history)).toEqual([two])
    expect(undone).not.toHaveProperty('away')
    const through = '2026-01-31T11:50:00.000Z'
    const later = resumed({ ...far, through }, { dataset, at, since, log: log(two) })
    const back = resumed(later, { dataset, at, since, log: log(one) })
    expect(back.away).toEqual([{ from: through, until: since }])
    const again = resumed(resumed(back, { dataset, at, since, log: log(two) }), {
      ...{ dataset, at, since },
      log: log(one),
    })
    expect(again.away).toHaveLength(2)
    expect(isAway(back, '2026-01-31T11:55:00.000Z')).toBe(true)
    for (const to of [through, '2026-01-31T11:59:30.001Z', '2026-01-31T10:00:00.000Z', 'latest'])
      expect(isAway(back, to)).toBe(false)
  })

  it('is another one when it is for other people', () => {
    const other = resumed(far, { dataset, at, since, log: log(two, { sealedFor: 'ana' }) })
    expect(other.past.map(({ history }) => history)).toEqual([one])
  })
})
