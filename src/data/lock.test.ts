import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inTurn } from './lock.run.ts'

/** A poll of a minute is over at once: that one waits is what is tested, and not how long. */
const hurried = () => pause(2)
const hour = 3_600_000

describe('scheduled backups of several apps', () => {
  it('take turns: no two of five that come at once are at it together', async () => {
    let busy = 0
    const seen: number[] = []
    const backup = async () => {
      busy += 1
      seen.push(busy)
      await pause(10)
      busy -= 1
      return seen.length
    }
    const ended = await Promise.all(Array.from({ length: 5 }, () => inTurn(hour, hurried, backup)))
    expect(seen).toEqual([1, 1, 1, 1, 1])
    expect(ended.toSorted((left, right) => left - right)).toEqual([1, 2, 3, 4, 5])
  })

  it('have their turn after one that failed', async () => {
    const failed = inTurn(hour, hurried, () => Promise.reject(new Error('it failed')))
    await expect(failed).rejects.toThrow('it failed')
    expect(await inTurn(hour, hurried, async () => 'its turn')).toBe('its turn')
  })

  it('that wait for longer than their limit say so, and leave the turn to whoever has it', async () => {
    const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const holder = inTurn(hour, hurried, () => {
      begun.resolve()
      return ended.promise
    })
    await begun.promise
    let isTaken = false
    const late = inTurn(3_000, hurried, async () => {
      isTaken = true
    })
    await expect(late).rejects.toMatchObject({ data: { code: 'data/no-turn' } })
    expect(isTaken).toBe(false)
    ended.resolve()
    await holder
  })
})
