import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { problemIn } from '../../lab/cli.ts'
import { figure, isSoak } from '../../lab/figures.ts'
import type { Project } from '../../lab/project.ts'
import { changeInside, changeWords } from './changed.ts'
import { harm, heal, injections, isNamed, keepWhole, provenAt } from './damage.ts'
import { backup, backupOk, hostileThere, listed, newest } from './ledger.ts'

/** Whatever is done to a copy is found and named, and nothing of it counts as proven. */
export const damageAtRandom = (ledger: () => Project) => {
  const provenIds = async () =>
    (await listed(ledger())).filter(({ state }) => state === 'proven').map(({ id }) => id)

  /** The newest backup of all, and one more. */
  const twoProven = async (): Promise<[string, string]> => {
    while ((await provenIds()).length < 2 || (await newest(ledger())).state !== 'proven')
      await backupOk(ledger(), ['now'])
    const [older, victim] = (await provenIds()).slice(-2)
    return [victim!, older!]
  }

  describe('a copy that agrees with every hash and has other data', () => {
    beforeAll(hostileThere)

    const daily = [
      ['a row less'],
      ['a row changed'],
      ['a sequence set back', 'a constraint gone', 'a byte of a large object'],
      ['a right gone', 'an empty large object less'],
    ]
    it('is each of these', () => {
      expect(daily.flat().toSorted()).toEqual(changeWords.toSorted())
    })

    it.each(daily.map((words) => [words]))('is not proven: %s', async (words) => {
      const pair = await twoProven()
      const [victim] = pair
      await keepWhole(pair)
      onTestFinished(async () => void (await heal()))
      const says = await changeInside(victim, words)
      const result = await backup(ledger(), ['verify', victim])
      expect(result.code).toBe(1)
      expect(problemIn(result)).toMatchObject({
        code: 'data/not-proven',
        detail: expect.stringContaining(victim),
      })
      const told = problemIn(result).evidence!.join('\n')
      for (const each of says) expect(told).toContain(each)
      // Nothing else differs: the dump was made again as it had been made.
      expect(problemIn(result).evidence).toHaveLength(new Set(says).size)
      expect(await newest(ledger())).toMatchObject({ id: victim, state: 'failed' })
      await heal()
      await backupOk(ledger(), ['verify', victim])
    })
  })

  describe('damage at random', () => {
    const count = isSoak ? Number(process.env['ZARPE_SOAK_DAMAGE'] ?? 200) : 2
    const seed = process.env['ZARPE_SOAK_SEED'] ?? (isSoak ? new Date().toISOString() : 'every day')

    beforeAll(hostileThere)

    it('is found and named every time, and nothing of it proven', async () => {
      const pair = await twoProven()
      const [victim] = pair
      const before = await provenAt(victim)
      await keepWhole(pair)
      const missed: unknown[] = []
      for (const injection of injections(seed, count)) {
        const says = await harm(pair, injection)
        const result = await backup(ledger(), ['verify', victim])
        const isProven = !['', before].includes(await provenAt(victim))
        if (isProven || !isNamed(result, victim, says))
          missed.push({ injection, says, ...problemIn(result) })
        await heal()
      }
      figure(
        'random damage to copies, manifests and the data in them',
        `${count - missed.length} of ${count} found and named, seed "${seed}"`,
      )
      expect(missed).toEqual([])
      await backupOk(ledger(), ['verify', victim])
    })
  })
}
