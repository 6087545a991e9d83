import { describe, expect, it } from 'vitest'
import { problemsOf } from '../../problem/problem.ts'
import { baseFor, type Wanted } from './moment.plan.ts'
import { backupId } from '../catalogue/backup-name.ts'
import { baseAt, stored } from '../example.model.ts'
import type { Backup, ObservedData } from '../model.ts'

const day = (number: number, hour = 2) =>
  `2026-01-${String(number).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00.000Z`

const [before, live, theirs] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'cccccccccccc']

/** A base backup of one of the first six days is of the former history. Each takes an hour. */
const base = (
  number: number,
  stores = ['local', 'box'],
  { history = number <= 6 ? before : live, dataset = 'main-base' } = {},
): Backup =>
  baseAt(day(number), {
    id: backupId(dataset, day(number)),
    log: { history, stoppedAt: day(number, 3) },
    copies: Object.fromEntries(stores.map((store) => [store, stored])),
    proof: null,
  })

const log = (history: string, through: string, box: string) => ({
  history,
  timeline: 1,
  segmentBytes: 16 * 1024 * 1024,
  first: '000000010000000000000003',
  last: '000000010000000000000009',
  sealedFor: null,
  through,
  stores: { box: { last: '000000010000000000000008', through: box, problem: null } },
})

const archive: ObservedData['archives'][number] = {
  ...log(live, day(9, 12), day(9, 11)),
  dataset: 'main-base',
  snapshot: null,
  past: [log(before, day(6, 12), day(6, 10))],
  triedAt: day(9, 12),
  problem: null,
  asked: { times: 0, at: null },
  prunedAt: null,
}

const seen = (backups: Backup[], archives = [archive]): ObservedData => ({
  project: 'shop-production',
  settings: null,
  configuredAt: null,
  configured: {
    datasets: ['main-base', 'other-base'].map((name) => ({
      name,
      kind: 'cluster' as const,
      at: ['02:00'],
      keep: {},
      expect: [],
      from: 'service' as const,
    })),
    stores: [],
    encrypted: false,
  },
  backups,
  asides: [],
  archives,
  replaced: [],
  runs: [],
  now: day(9, 12),
})

const found = (backups: Backup[], wanted: Partial<Wanted>, archives = [archive]) => {
  const all = { to: 'latest', dataset: undefined, from: undefined, id: undefined, ...wanted }
  const { backup, from, chosen } = baseFor(seen(backups, archives), all)
  return { day: Number(/202601(\d\d)/.exec(backup.id)![1]), from, goesOn: chosen.goesOn }
}

const refused = (backups: Backup[], wanted: Partial<Wanted>, archives = [archive]) => {
  try {
    return found(backups, wanted, archives)
  } catch (error) {
    return problemsOf(error)[0]?.code
  }
}

const bases = [base(4), base(5), base(6), base(8), base(9)]

describe('the base backup of a moment', () => {
  it('is the newest that was whole by then', () => {
    expect(found(bases, { to: day(9, 4) })).toMatchObject({ day: 9, from: 'local' })
    // That of the ninth is still being taken.
    expect(found(bases, { to: day(9, 2) })).toMatchObject({ day: 8 })
    expect(found(bases, { to: 'latest' })).toMatchObject({ day: 9 })
    expect(refused(bases, { to: day(4, 2) })).toBe('data/not-archived')
  })

  it('leads on with the log of the server that lives, which archives the last of it first', () => {
    expect(found(bases, { to: day(9, 12) })).toMatchObject({ day: 9, goesOn: true })
  })

  it('leads no further than a store has the log', () => {
    const from = 'box'
    expect(found(bases, { to: day(9, 11), from })).toMatchObject({ from, goesOn: false })
    expect(refused(bases, { to: day(9, 12), from })).toBe('data/not-archived')
    expect(found(bases, { to: day(6, 10), from })).toMatchObject({ day: 6 })
    expect(refused(bases, { to: day(6, 11), from })).toBe('data/not-archived')
  })

  it('does not lead from a history that ended into the time after it', () => {
    expect(found(bases, { to: day(6, 12) })).toMatchObject({ day: 6, goesOn: false })
    expect(refused(bases, { to: day(7, 12) })).toBe('data/not-archived')
    expect(refused([base(6)], { to: 'latest' })).toBe('data/not-archived')
    expect(found([base(6)], { to: 'latest', id: base(6).id })).toMatchObject({ day: 6 })
  })

  it('brings nothing back while it is off', () => {
    const off = { ...seen(bases), configured: null }
    const all = { to: 'latest', dataset: undefined, from: undefined, id: undefined }
    expect(() => baseFor(off, all)).toThrow(/is on/)
  })

  it('is of the history that goes on again after an undo, though the other has newer ones', () => {
    // What was restored on the eighth was live until the ninth.
    const undone = {
      ...archive,
      ...log(before, day(9, 12), day(9, 12)),
      past: [log(live, day(9, 4), day(9, 4))],
    }
    expect(found(bases, { to: day(9, 10) }, [undone])).toMatchObject({ day: 6, goesOn: true })
    expect(found(bases, { to: day(9, 4) }, [undone])).toMatchObject({ day: 9, goesOn: false })
    expect(found(bases, { to: 'latest' }, [undone])).toMatchObject({ day: 6, goesOn: true })
  })

  it('is found on a new server by what the store has alone', () => {
    const lost = [5, 6, 8].map((number) => base(number, ['box'], { history: theirs }))
    expect(found(lost, { to: 'latest' }, [])).toMatchObject({ day: 8, from: 'box', goesOn: false })
    expect(found(lost, { to: day(6, 12) }, [])).toMatchObject({ day: 6 })
    expect(found(lost, { to: day(8, 12) })).toMatchObject({ day: 8 })
  })

  it('is not taken from the new server for that of the lost one', () => {
    const both = [base(8, ['box'], { history: theirs }), base(9)]
    expect(refused(both, { to: 'latest' })).toBe('data/which-history')
    expect(found(both, { to: 'latest', id: both[0]!.id })).toMatchObject({ day: 8, from: 'box' })
    expect(found(both, { to: 'latest', id: both[1]!.id })).toMatchObject({ day: 9 })
    expect(found(both, { to: day(9, 2) })).toMatchObject({ day: 8 })
  })

  it('is asked for by name where there are several servers, and not made up where there is none', () => {
    const two = [...bases, base(5, ['local'], { history: before, dataset: 'other-base' })]
    expect(refused(two, {})).toBe('data/which-dataset')
    expect(found(two, { dataset: 'main' })).toMatchObject({ day: 9 })
    expect(refused([], {})).toBe('data/no-base')
    expect(refused(bases, { from: 'elsewhere' })).toBe('data/no-base')
    expect(refused(bases, { id: 'main-base-20260101T020000Z' })).toBe('data/no-base')
  })
})
