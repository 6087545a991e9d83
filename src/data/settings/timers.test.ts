import { describe, expect, it } from 'vitest'
import type { Dataset } from '../model.ts'
import { backupUnit, isTimerOf, unitsOf } from './timers.ts'

const dataset = (name: string): Dataset => ({
  name,
  kind: 'postgres',
  source: { from: 'service', service: 'db', database: null },
  beforeMigrations: true,
  jobs: 1,
  at: ['03:00'],
  keep: {},
  expect: [],
})

const cluster: Dataset = {
  name: 'main-base',
  kind: 'cluster',
  of: 'main',
  service: 'db',
  database: null,
  between: null,
  beforeMigrations: false,
  at: ['02:00'],
  keep: {},
  expect: [],
}

const namesOf = (units: ReturnType<typeof unitsOf>) => units.map(({ timer }) => timer.name)

describe('timers', () => {
  it('are those of one project alone, whatever hyphens are in names', () => {
    const names = ['shop-a', 'shop-a--b', 'shop-a-', 'shop']
    for (const own of names)
      for (const other of names) {
        const units = [dataset('main'), cluster].flatMap((each) => unitsOf(other, each))
        for (const { name } of units.flatMap(({ timer, service }) => [timer, service]))
          expect(isTimerOf(own, name)).toBe(own === other)
      }
    const timersOf = (project: string, name: string) => namesOf(unitsOf(project, dataset(name)))
    expect(timersOf('shop-a', 'b--main')).not.toEqual(timersOf('shop-a--b', 'main'))
  })

  it('are none for data without times', () => {
    expect(unitsOf('shop-a', { ...dataset('main'), at: [] })).toEqual([])
    // A rehearsal, whose log would lie beside that of the real one.
    expect(unitsOf('shop-a', { ...cluster, at: [] })).toEqual([])
  })

  it('come at each of their times, and again for one that a server which was off has missed', () => {
    const [units] = unitsOf('shop-a', { ...dataset('main'), at: ['03:00', '15:30'] })
    const lines = units!.timer.content.split('\n')
    expect(lines.filter((line) => line.startsWith('OnCalendar='))).toEqual([
      'OnCalendar=*-*-* 03:00:00',
      'OnCalendar=*-*-* 15:30:00',
    ])
    expect(lines).toContain('Persistent=true')
  })

  it('are two for a cluster: one of its base backups, and one of its log', () => {
    const units = unitsOf('shop-a', cluster)
    expect(namesOf(units)).toEqual([
      'zarpe-backup-shop-a.main-base.timer',
      'zarpe-backup-shop-a.main-base.wal.timer',
    ])
    expect(units[0]!.service.name).toBe(backupUnit('shop-a', 'main-base'))
    expect(units[1]!.service.content).toContain('agent once wal shop-a main-base\n')
  })
})
