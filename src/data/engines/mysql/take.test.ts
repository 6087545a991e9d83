import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { awaitBegun } from './take.run.ts'

/** A session that sees as many dumps as it is told, and counts how often it was asked. */
const seeing = (counts: () => string) => {
  let asked = 0
  return {
    asked: () => asked,
    rows: async () => {
      asked += 1
      return [[counts()]]
    },
  }
}

describe('a dump is awaited', () => {
  const never = new Promise<never>(() => undefined)

  it('until it is seen to have begun', async () => {
    let begun = '0'
    const session = seeing(() => begun)
    setTimeout(() => (begun = '1'), 150)
    await awaitBegun(session, '', never)
    expect(session.asked()).toBeGreaterThan(1)
  })

  it('no longer than it takes, and the session is free then', async () => {
    const session = seeing(() => '0')
    await awaitBegun(session, '', sleep(150))
    const asked = session.asked()
    await sleep(250)
    expect(session.asked()).toBe(asked)
  })

  it('not when it fails', async () => {
    const failed = sleep(20).then(() => Promise.reject(new Error('no such table')))
    await expect(
      awaitBegun(
        seeing(() => '0'),
        '',
        failed,
      ),
    ).rejects.toThrow('no such table')
  })
})
