import { describe, expect, it } from 'vitest'
import { atOnce } from './at-once.ts'

const soon = async (turns: number) => {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve()
}

describe('several at once', () => {
  it('keep their order, and are never more than they may be', async () => {
    let running = 0
    let most = 0
    const results = await atOnce([5, 1, 3, 2, 4], 2, async (turns) => {
      most = Math.max(most, ++running)
      await soon(turns)
      running--
      return turns * 10
    })
    expect(results).toEqual([50, 10, 30, 20, 40])
    expect(most).toBe(2)
  })

  it('begin nothing after a failure, and end what had begun', async () => {
    const begun: number[] = []
    const ended: number[] = []
    const act = async (item: number) => {
      begun.push(item)
      if (item === 1) throw new Error('the first')
      await soon(10)
      ended.push(item)
      if (item === 0) throw new Error('another')
    }
    await expect(atOnce([0, 1, 2, 3], 2, act)).rejects.toThrow('the first')
    expect([begun, ended]).toEqual([[0, 1], [0]])
  })

  it('can be none', async () => {
    expect(await atOnce([], 3, () => Promise.resolve(1))).toEqual([])
  })
})
