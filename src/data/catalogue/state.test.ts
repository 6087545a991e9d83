import { describe, expect, it } from 'vitest'
import { planBackup } from '../backup/backup.plan.ts'
import { backupAt, observedWith, stored } from '../example.model.ts'
import type { Backup, Configured, Copy } from '../model.ts'
import { chosenBackup } from '../restore/restore.plan.ts'
import { newestProven, newestToRestore } from './newest.ts'
import { refusedCopies, refusedOfRun, stateOf } from './state.ts'

const failed: Copy = { state: 'failed', at: '', problem: 'It is full.' }

const backup = (takenAt: string, copies: Record<string, Copy>, proven = true): Backup =>
  backupAt(takenAt, { copies, ...(proven ? {} : { proof: null }) })

const configured: Configured = {
  datasets: [
    {
      name: 'main',
      kind: 'postgres',
      at: ['03:00'],
      keep: { local: { forMs: 1, last: 1, daily: null, weekly: null, monthly: null } },
      expect: [],
      from: 'service',
    },
  ],
  stores: [
    { name: 'box', where: 'sftp://box.example/backups' },
    { name: 'old', where: 'sftp://old.example/backups' },
  ],
  encrypted: false,
}
configured.datasets[0]!.keep['box'] = configured.datasets[0]!.keep['local']!

describe('states', () => {
  it('go from taken over stored to proven', () => {
    const at = '2026-05-01T03:00:00Z'
    expect(stateOf(backup(at, { local: stored }, false))).toBe('taken')
    expect(stateOf(backup(at, { local: stored, box: stored }, false))).toBe('stored')
    expect(stateOf(backup(at, { local: stored }))).toBe('proven')
  })

  it('name the newest proven one, not the newest', () => {
    const older = backup('2026-05-01T03:00:00Z', { local: stored })
    const newer = backup('2026-05-02T03:00:00Z', { local: stored }, false)
    expect(newestProven([older, newer], 'main', '2026-05-03T03:00:00Z')).toBe(older)
    // Nothing is newer than what a clock that was ahead has dated, and nobody means it.
    const ahead = backup('2027-01-01T03:00:00Z', { local: stored })
    const now = '2026-05-03T03:00:00Z'
    expect(newestProven([older, ahead], 'main', now)).toBe(older)
    expect(newestToRestore([older, ahead], [older, ahead], now)).toBe(older)
    expect(newestToRestore([ahead], [ahead], now)).toBe(ahead)
  })
})

describe('the backup that is meant', () => {
  const at = (day: number, copies: Record<string, Copy>, proven: boolean) =>
    backup(`2026-05-0${day}T03:00:00Z`, copies, proven)
  const seen = (backups: Backup[]) =>
    observedWith(backups, { configured, now: '2026-05-09T03:00:00Z' })

  it('is the newest proven one', () => {
    const [older, newer] = [at(1, { local: stored }, true), at(2, { local: stored }, false)]
    expect(chosenBackup(seen([older, newer]), undefined, undefined)).toBe(older)
  })

  it('is the newest of a store where none is proven, as on a new server', () => {
    const [older, newer] = [at(1, { box: stored }, false), at(2, { box: stored }, false)]
    expect(chosenBackup(seen([older, newer]), undefined, undefined)).toBe(newer)
    expect(() =>
      chosenBackup(seen([at(3, { box: failed }, false)]), undefined, undefined),
    ).toThrow()
  })
})

describe('a copy that a store refused', () => {
  const refused = backup('2026-05-01T03:00:00Z', { local: stored, box: failed, old: failed })
  const gone = backup('2026-04-01T03:00:00Z', { box: failed })
  const observed = observedWith([gone, refused], { configured, now: '2026-05-02T03:00:00Z' })

  it('is told of while it can be sent again to a store that is still asked', () => {
    expect(refusedCopies(observed.backups, configured)).toEqual([
      { backup: refused, store: 'box', problem: 'It is full.' },
    ])
    expect(refusedCopies(observed.backups, null)).toEqual([])
  })

  it('fails a run that took a backup of the same data, and no other', () => {
    expect(refusedOfRun(['main-20260502T030000Z'], observed)).toHaveLength(1)
    expect(refusedOfRun(['main-base-20260502T030000Z'], observed)).toEqual([])
    expect(refusedOfRun([], observed)).toEqual([])
  })

  it('is sent again by the next backup, after that one’s own', () => {
    const { steps } = planBackup(observed, {
      datasets: [],
      reason: 'by hand',
      at: observed.now,
      title: 'a backup',
    })
    expect(steps.map(({ id }) => id)).toEqual([
      'backup.take/main-20260502T030000Z',
      'backup.prove/main-20260502T030000Z',
      'backup.send/box/main-20260502T030000Z',
      'backup.send/box/main-20260501T030000Z',
      'backup.conclude',
    ])
  })
})
