import { describe, expect, it } from 'vitest'
import { isAway } from './ends.ts'
import type { Archive, Log } from './model.ts'
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
    expect(undone.away).toEqual([{ from: since, until: since }])
  })

  it('is not of the moments at which another one was live', () => {
    const begun = (minute: number) => `2026-01-31T11:${minute}:00.000Z`
    const writes = (known: Archive, history: string, minute: number) =>
      resumed(known, { dataset, at, since: begun(minute), log: log(history) })
    const back = writes(writes({ ...far, through: begun(49) }, two, 50), one, 55)
    expect(back.away).toEqual([{ from: begun(50), until: begun(55) }])
    expect(isAway(back, begun(52))).toBe(true)
    for (const to of [begun(49), begun(50), begun(56), 'latest'])
      expect(isAway(back, to)).toBe(false)
    expect(writes(writes(back, two, 57), one, 58).away).toHaveLength(2)
    const { since: _unknown, ...older } = writes({ ...far, through: begun(49) }, two, 50)
    expect(writes(older, one, 55).away).toEqual([{ from: begun(49), until: begun(55) }])
  })

  it('is another one when it is for other people', () => {
    const other = resumed(far, { dataset, at, since, log: log(two, { sealedFor: 'ana' }) })
    expect(other.past.map(({ history }) => history)).toEqual([one])
  })
})
