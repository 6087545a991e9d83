import { describe, expect, it } from 'vitest'
import type { Dataset } from './model.ts'
import { isTimerOf, unitsOf } from './timers.ts'

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

describe('timers', () => {
  it('are those of one project alone, whatever hyphens are in names', () => {
    const names = ['shop-a', 'shop-a--b', 'shop-a-', 'shop']
    for (const own of names)
      for (const other of names) {
        const { timer, service } = unitsOf(other, dataset('main'))!
        for (const { name } of [timer, service]) expect(isTimerOf(own, name)).toBe(own === other)
      }
    const one = unitsOf('shop-a', dataset('b--main'))!
    expect(one.timer.name).not.toBe(unitsOf('shop-a--b', dataset('main'))!.timer.name)
  })

  it('are none for data without times', () => {
    expect(unitsOf('shop-a', { ...dataset('main'), at: [] })).toBeNull()
  })
})
