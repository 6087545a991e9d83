import { describe, expect, it } from 'vitest'
import type { Backup, ObservedData } from '../model.ts'
import { healthOf } from './judge.ts'
import type { ObservedRun } from './model.ts'

const now = '2026-01-03T04:00:00.000Z'
const id = (day: number) => `main-2026010${day}T030000Z`

const backup = (day: number, proof: 'proven' | 'failed' | null): Backup => ({
  id: id(day),
  project: 'shop-production',
  dataset: 'main',
  kind: 'postgres',
  takenAt: `2026-01-0${day}T03:00:05.000Z`,
  reason: 'schedule',
  release: 1,
  file: { bytes: 1, sha256: '' },
  manifestSha256: '',
  summary: { units: 1, unit: 'table', rows: 1, row: 'row' },
  copies: { local: { state: 'stored', at: now, bytes: 1, sha256: '', encrypted: false } },
  proof: proof && { at: now, from: 'local', outcome: proof, ms: 1, differences: [] },
})

const run = (more: Partial<ObservedRun>): ObservedRun => ({
  dataset: 'main',
  startedAt: '2026-01-03T03:00:00.000Z',
  endedAt: '2026-01-03T03:01:00.000Z',
  problem: null,
  isCut: false,
  ...more,
})

const troubles = (backups: Backup[], runs: ObservedRun[], at = ['03:00']) => {
  const observed: ObservedData = {
    project: 'shop-production',
    settings: 'x',
    configured: {
      datasets: [{ name: 'main', kind: 'postgres', at, keep: {}, expect: [], from: 'service' }],
      stores: [],
      encrypted: false,
    },
    backups,
    asides: [],
    archives: [],
    replaced: [],
    runs,
    now,
  }
  const current = { createdAt: '2026-01-01T00:00:00.000Z' }
  return healthOf(observed, current, now)[0]!.trouble
}

describe('how backups stand', () => {
  it('is well after a run that went well', () => {
    expect(troubles([backup(3, 'proven')], [run({})])).toEqual([])
  })

  it('tells of a run that failed, and why, until a later one has taken a backup', () => {
    const failed = run({ problem: 'A disk is full. ENOSPC.' })
    expect(troubles([backup(2, 'proven')], [failed])).toEqual([
      { key: 'failed', text: 'the backup of 2026-01-03 03:00 UTC failed: A disk is full. ENOSPC.' },
    ])
    // By hand, after it.
    expect(troubles([backup(2, 'proven'), backup(3, 'proven')], [failed])).toEqual([])
  })

  it('tells of a run that nobody ended', () => {
    const open = run({ endedAt: null, isCut: true })
    expect(troubles([backup(2, 'proven')], [open])[0]).toMatchObject({ key: 'failed' })
    expect(troubles([backup(2, 'proven')], [{ ...open, isCut: false }])).toEqual([])
  })

  it('tells of a backup that cannot be proven once, and not as a run that failed as well', () => {
    const failed = run({ problem: 'A backup could not be proven.' })
    const keys = troubles([backup(2, 'proven'), backup(3, 'failed')], [failed]).map(
      ({ key }) => key,
    )
    expect(keys).toEqual(['unproven'])
  })

  it('tells of a backup that was missed', () => {
    expect(troubles([backup(1, 'proven')], []).map(({ key }) => key)).toEqual(['missed'])
    expect(troubles([], []).map(({ key }) => key)).toEqual(['missed'])
  })

  it('misses nothing where none is to be taken by the clock', () => {
    expect(troubles([], [run({ problem: 'x' })], [])).toEqual([])
  })
})
