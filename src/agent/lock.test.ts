import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Problem } from '../problem/problem.ts'
import { holderOf, takeLock } from './lock.run.ts'

let folder = ''
const at = '2026-01-31T12:00:00.000Z'
const take = (by: string) => takeLock('shop-production', by, 'deploy', at, folder)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-lock-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

/** What a holder that was killed leaves behind; its number may belong to a live process by now. */
const deadHolder = { by: 'ann@laptop', verb: 'deploy', since: at, startTicks: '1', boot: 'another' }
const leaveDead = (pid: number) =>
  writeFileSync(join(folder, 'shop-production.json'), JSON.stringify({ ...deadHolder, pid }))

const outcomes = async (count: number) => {
  const names = Array.from({ length: count }, (_each, index) => `user${index}@laptop`)
  const results = await Promise.allSettled(names.map(take))
  const won = results.filter((result) => result.status === 'fulfilled')
  const lost = results.filter((result) => result.status === 'rejected')
  return { won: won.map((result) => result.value), lost: lost.map(({ reason }) => reason as Error) }
}

describe('the lock', () => {
  it('goes to one of many that want it at once, free or left by a dead holder', async () => {
    for (let round = 0; round < 30; round++) {
      if (round % 2 === 0) leaveDead(process.pid)
      const { won, lost } = await outcomes(6)
      expect(won).toHaveLength(1)
      for (const each of lost) expect(each).toBeInstanceOf(Problem)
      expect(lost.map((each) => (each as Problem).data.code)).toEqual(Array(5).fill('agent/locked'))
      await won[0]!.release()
    }
  })

  it('names its holder, and nobody when that one is dead', async () => {
    const lock = await take('ann@laptop')
    expect(await holderOf('shop-production', folder)).toMatchObject({ by: 'ann@laptop', since: at })
    await expect(take('ben@laptop')).rejects.toThrow(/ann@laptop has been running "zarpe deploy"/)
    rmSync(join(folder, 'shop-production.json'))
    await expect(take('ben@laptop')).rejects.toThrow(/the file that names it is gone/)
    await lock.release()
    leaveDead(process.pid)
    expect(await holderOf('shop-production', folder)).toBeNull()
  })
})
