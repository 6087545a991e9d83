import { expect, it } from 'vitest'
import { type FaultKind, StoreFault } from '../../io/fault.ts'
import type { Store } from '../store.ts'
import { contextOf } from '../store.suite.ts'
import { memoryStore } from './memory.ts'
import { persistent } from './persistent.ts'

/** A store whose list fails as often as is said. */
const failing = (kind: FaultKind, times: number) => {
  const waits: number[] = []
  let asked = 0
  const driver: Store = {
    ...memoryStore().store,
    list: async () => {
      asked++
      if (asked <= times) throw new StoreFault(kind, 'line lost')
      return []
    },
  }
  const sleep = async (ms: number) => void waits.push(ms)
  return { store: persistent(driver, sleep), waits, asked: () => asked }
}

it('tries again what a lost line or a busy store cut short, and says so', async () => {
  for (const kind of ['dropped', 'busy'] as const) {
    const { store, waits } = failing(kind, 2)
    const context = contextOf()
    expect(await store.list('', context)).toEqual([])
    expect(waits).toEqual([1_000, 5_000])
    expect(context.notes).toEqual(['line lost; trying again', 'line lost; trying again'])
  }
})

it('gives up after four tries', async () => {
  const { store, asked } = failing('dropped', 99)
  await expect(store.list('', contextOf())).rejects.toThrow('line lost')
  expect(asked()).toBe(4)
})

it('does not try again what will not change', async () => {
  const { store, asked } = failing('login-refused', 1)
  await expect(store.list('', contextOf())).rejects.toThrow('line lost')
  expect(asked()).toBe(1)
})
