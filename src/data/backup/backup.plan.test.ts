import { describe, expect, it } from 'vitest'
import { backupId } from '../catalogue/backup-name.ts'
import { baseAt, keepsNothing, observedWith, stored } from '../example.model.ts'
import type { Backup, Configured, Copy, Retention } from '../model.ts'
import { planBackup, planPrune } from './backup.plan.ts'

const refused: Copy = { state: 'failed', at: '', problem: 'it was away' }
const newest: Retention = { ...keepsNothing, last: 1 }

const at = (day: number) => `2026-03-${String(day).padStart(2, '0')}T02:00:00.000Z`
const idOf = (day: number) => backupId('main-base', at(day))

const base = (day: number, more: Partial<Backup> = {}): Backup =>
  baseAt(at(day), { copies: { local: stored, slow: stored, fast: stored }, ...more })

const configured: Configured = {
  datasets: [
    {
      name: 'main-base',
      kind: 'cluster',
      at: ['02:00'],
      keep: { local: newest, slow: newest, fast: newest },
      expect: [],
      from: 'service',
    },
  ],
  stores: ['slow', 'fast'].map((name) => ({ name, where: `sftp://${name}.example` })),
  encrypted: false,
}

const seen = (backups: Backup[]) =>
  observedWith(backups, { configured, configuredAt: at(1), now: at(9) })

const idsOf = (backups: Backup[]) =>
  planBackup(seen(backups), { datasets: [], reason: 'schedule', at: at(9), title: 't' }).steps.map(
    ({ id }) => id.replace('main-base-202603', '').replace('T020000Z', ''),
  )

describe('a backup by the clock', () => {
  it('makes room on the server first, so that one that fails every night fills no disk', () => {
    const steps = idsOf([base(1), base(2)])
    expect(steps.map((id) => id.split('/').slice(0, 2).join('/'))).toEqual([
      'backup.prune/local',
      'backup.take/09',
      'backup.prove/09',
      'backup.send/slow',
      'backup.send/fast',
      'backup.prune/slow',
      'backup.prune/fast',
      'backup.conclude',
    ])
  })

  it('removes nothing of its own that a store is sent in this very run, unless it is too much', () => {
    const away = { copies: { local: stored, slow: refused, fast: stored } }
    const pruned = (days: number[]) =>
      planBackup(seen(days.map((day) => base(day, away))), {
        ...{ datasets: [], reason: 'schedule' as const, at: at(28), title: 't' },
      })
        .steps.flatMap((step) => (step.kind === 'backup.prune' ? [step.params] : []))
        .find(({ store }) => store === 'local')?.ids
    expect(pruned([1, 2, 3])).toBeUndefined()
    expect(pruned([1, 2, 3, 4, 5, 6, 7, 8])).toEqual([idOf(1)])
  })

  it('sends a store what it lacks before what builds on it, and keeps no other store waiting', () => {
    const away = { copies: { local: stored, slow: refused, fast: stored } }
    const steps = idsOf([base(7, away), base(8, away)])
    expect(steps.filter((id) => id.startsWith('backup.send'))).toEqual([
      'backup.send/fast/09',
      'backup.send/slow/07',
      'backup.send/slow/08',
      'backup.send/slow/09',
    ])
  })

  it('removes nothing that was found in a store; whoever asks for it does', () => {
    const lost = [1, 2, 3].map((day) =>
      base(day, { isFound: true, copies: { slow: stored }, proof: null }),
    )
    const all = [...lost, base(8)]
    expect(idsOf(all).filter((id) => id.startsWith('backup.prune'))).toEqual([])
    const asked = planPrune(seen([...lost, base(7), base(8)]), 't').steps
    expect(asked.map(({ params }) => params)).toMatchObject([
      { store: 'local', ids: [idOf(7)] },
      { store: 'slow', ids: [idOf(1), idOf(2), idOf(3), idOf(7)] },
      { store: 'fast', ids: [idOf(7)] },
    ])
  })

  it('by hand removes nothing either that a store has not taken yet', () => {
    const away = { local: stored, slow: refused, fast: stored }
    const backups = [base(5), base(6, { copies: away }), base(7)]
    const removed = planPrune(seen(backups), 't').steps.map(({ params }) => params)
    expect(removed).toMatchObject([
      { store: 'local', ids: [idOf(5)] },
      { store: 'slow', ids: [idOf(5)] },
      { store: 'fast', ids: [idOf(5), idOf(6)] },
    ])
  })
})
