import { describe, expect, it } from 'vitest'
import type { Backup, Configured, ObservedData, Retention } from '../model.ts'
import { backupAt, observedWith, proofThat } from '../example.model.ts'
import { healthOf } from './judge.ts'
import type { EndedRun, ObservedRuns } from './model.ts'
import { begun, parseRuns } from './runs.ts'

const forEver: Retention = { forMs: null, last: 1, daily: null, weekly: null, monthly: null }
const now = '2026-01-03T04:00:00.000Z'
const id = (day: number) => `main-2026010${day}T030000Z`

const backup = (day: number, proof: 'proven' | 'failed' | null): Backup =>
  backupAt(`2026-01-0${day}T03:00:05.000Z`, { id: id(day), proof: proof && proofThat(proof) })

const datasetAt = (at: string[]): Configured['datasets'][number] => ({
  name: 'main',
  kind: 'postgres',
  at,
  keep: { local: forEver, box: forEver },
  expect: [],
  from: 'service',
})

const startedAt = '2026-01-03T03:00:00.000Z'
const ended = (problem: EndedRun['problem']): ObservedRuns => ({
  dataset: 'main',
  last: { startedAt, endedAt: '2026-01-03T03:01:00.000Z', problem },
  running: null,
  isCut: false,
})
const diskFull = { code: 'host/disk-full', text: 'A disk is full. ENOSPC.' }

const configured: Configured = { datasets: [datasetAt(['03:00'])], stores: [], encrypted: false }

const troubles = (backups: Backup[], runs: ObservedRuns[], more: Partial<ObservedData> = {}) => {
  const configuredAt = '2026-01-01T00:00:00.000Z'
  const observed = observedWith(backups, { configured, configuredAt, runs, now, ...more })
  return healthOf(observed, now).flatMap(({ trouble }) => trouble)
}

describe('how backups stand', () => {
  it('is well after a run that went well', () => {
    expect(troubles([backup(3, 'proven')], [ended(null)])).toEqual([])
  })

  it('tells of a run that failed, and why, also if its own backup was taken and proven', () => {
    const text = `the backup of 2026-01-03 03:00 UTC failed: ${diskFull.text}`
    const told = [{ key: 'failed', text, occasion: startedAt }]
    expect(troubles([backup(2, 'proven')], [ended(diskFull)])).toEqual(told)
    expect(troubles([backup(2, 'proven'), backup(3, null)], [ended(diskFull)])).toEqual(told)
    expect(troubles([backup(2, 'proven'), backup(3, 'proven')], [ended(diskFull)])).toEqual(told)
  })

  it('tells so until one is proven that was taken by hand since', () => {
    const byHand = (proof: 'proven' | null): Backup => ({
      ...backup(3, proof),
      reason: 'by hand',
      takenAt: '2026-01-03T03:30:00.000Z',
    })
    expect(troubles([backup(2, 'proven'), byHand(null)], [ended(diskFull)])).toHaveLength(1)
    expect(troubles([backup(2, 'proven'), byHand('proven')], [ended(diskFull)])).toEqual([])
  })

  it('tells of a run that nobody ended, while the next one goes on too', () => {
    const running = { ...ended(null), running: { startedAt } }
    const cut = { ...running, isCut: true }
    expect(troubles([backup(3, 'proven')], [running])).toEqual([])
    expect(troubles([backup(3, 'proven')], [cut])).toMatchObject([
      { key: 'failed', text: expect.stringContaining('cut short') },
    ])
    const next = begun(cut, 'main', '2026-01-03T03:30:00.000Z')
    expect(troubles([backup(3, 'proven')], [{ ...next, isCut: false }])).toHaveLength(1)
    const afterFailure = begun(ended(diskFull), 'main', '2026-01-03T03:30:00.000Z')
    expect(troubles([backup(2, 'proven')], [{ ...afterFailure, isCut: false }])).toHaveLength(1)
  })

  it('tells of what cannot be proven or is not stored once, and not as a run that failed as well', () => {
    const failed = (code: string) => [ended({ code, text: 'x' })]
    const keysOf = (found: { key: string }[]) => found.map(({ key }) => key)
    expect(
      keysOf(troubles([backup(2, 'proven'), backup(3, 'failed')], failed('data/not-proven'))),
    ).toEqual(['unproven'])
    const copies = {
      ...backup(3, 'proven').copies,
      box: { state: 'failed', at: now, problem: 'x' },
    }
    const refused = { ...backup(3, 'proven'), copies } as Backup
    const stores = { ...configured, stores: [{ name: 'box', where: 'sftp://box' }] }
    expect(troubles([refused], failed('data/not-stored'), { configured: stores })).toEqual([
      { key: 'store/box', text: 'box did not take a backup: x' },
    ])
    // Another failure of the same run is told beside them.
    expect(
      keysOf(troubles([backup(2, 'proven'), backup(3, 'failed')], failed('host/disk-full'))),
    ).toEqual(['failed', 'unproven'])
  })

  it('says nothing of a copy that is on its way, until that takes too long', () => {
    const sentSince = (at: string): Backup => ({
      ...backup(3, 'proven'),
      copies: {
        ...backup(3, 'proven').copies,
        box: { state: 'failed', at, problem: 'It is being sent.', begun: true },
      },
    })
    const stores = { ...configured, stores: [{ name: 'box', where: 'sftp://box' }] }
    const found = (at: string) => troubles([sentSince(at)], [], { configured: stores })
    expect(found(new Date(Date.parse(now) - 23 * 3_600_000).toISOString())).toEqual([])
    expect(found(new Date(Date.parse(now) - 25 * 3_600_000).toISOString())).toMatchObject([
      { key: 'store/box' },
    ])
  })

  it('says why a store did not take the newest', () => {
    const refusedOn = (day: number, problem: string): Backup => ({
      ...backup(day, 'proven'),
      copies: { ...backup(day, 'proven').copies, box: { state: 'failed', at: now, problem } },
    })
    const stores = { ...configured, stores: [{ name: 'box', where: 'sftp://box' }] }
    const both = [refusedOn(2, 'It cannot be reached.'), refusedOn(3, 'It is full.')]
    expect(troubles(both, [ended(null)], { configured: stores })).toEqual([
      { key: 'store/box', text: 'box did not take a backup: It is full.' },
    ])
  })

  it('is well once the store has got the copy, or the backup was proven by hand', () => {
    const failed = (code: string) => [ended({ code, text: 'x' })]
    expect(troubles([backup(3, 'proven')], failed('data/not-stored'))).toEqual([])
    expect(troubles([backup(3, 'proven')], failed('data/not-proven'))).toEqual([])
  })

  it('judges by the newest that was tried while another is being taken', () => {
    const taken = { ...backup(3, null), id: 'main-20260103T033000Z' }
    const found = troubles([backup(2, 'proven'), backup(3, 'failed'), taken], [])
    expect(found.map(({ key }) => key)).toEqual(['unproven'])
  })

  it('tells of a backup that was missed, however often settings change', () => {
    const keys = (...args: Parameters<typeof troubles>) => troubles(...args).map(({ key }) => key)
    expect(keys([backup(1, 'proven')], [])).toEqual(['missed'])
    expect(keys([], [])).toEqual(['missed'])
    expect(keys([], [], { configuredAt: '2026-01-03T00:00:00.000Z' })).toEqual([])
    const changed = { configuredAt: '2026-01-03T00:00:00.000Z' }
    expect(keys([backup(1, null), backup(2, null)], [], changed)).toEqual(['missed'])
  })

  it('lets no backup count that a wrong clock has dated', () => {
    const ahead = {
      ...backup(3, 'proven'),
      id: 'main-20300103T030000Z',
      takenAt: '2030-01-03T03:00:05.000Z',
    }
    expect(troubles([backup(1, 'proven'), ahead], []).map(({ key }) => key)).toEqual(['missed'])
  })

  it('misses nothing where none is to be taken by the clock', () => {
    const byHand = { ...configured, datasets: [datasetAt([])] }
    expect(troubles([], [ended(diskFull)], { configured: byHand })).toEqual([])
  })

  it('tells of data that a timer runs for and the server does not know any more', () => {
    const lost = { settings: null, configured: null }
    expect(troubles([], [ended(diskFull)], lost).map(({ key }) => key)).toEqual(['unknown'])
  })
})

describe('the record of runs', () => {
  it.each(['', 'null', '[]', '{}', '{"dataset": 1}'])('is none if it is %j', (text) => {
    expect(parseRuns(text)).toBeNull()
  })
})
