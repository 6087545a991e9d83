import { beforeAll, describe, expect, it } from 'vitest'
import { problemIn } from '../../lab/cli.ts'
import { isSoak } from '../../lab/figures.ts'
import type { Project } from '../../lab/project.ts'
import { befallen, type FaultName, onSmallDisk } from './faults.ts'
import {
  backupOk,
  discardAsides,
  expectNoneHalf,
  hostileThere,
  leftovers,
  liveDigest,
  newest,
} from './ledger.ts'

/** Before each step of a backup and a restore something happens to the server. */
export const backupFaults = (ledger: () => Project) => {
  describe('what befalls a server before a step', () => {
    type Case = { verb: 'now' | 'restore'; index: number; kind: string; fault: FaultName }
    const places = [
      { verb: 'now' as const, index: 0, kind: 'backup.take' },
      { verb: 'now' as const, index: 1, kind: 'backup.prove' },
      { verb: 'now' as const, index: 2, kind: 'backup.conclude' },
      { verb: 'restore' as const, index: 0, kind: 'restore.load' },
      { verb: 'restore' as const, index: 1, kind: 'restore.swap' },
    ]
    const names: FaultName[] = ['the agent is killed', 'the power is cut', 'the database is killed']
    const all: Case[] = places.flatMap((place) => names.map((fault) => ({ ...place, fault })))
    const daily = new Set(['the power is cut backup.prove'])
    const cases = all.filter(({ fault, kind }) => isSoak || daily.has(`${fault} ${kind}`))

    beforeAll(hostileThere)

    /** Nothing that is not whole counts as whole, live data is what it was, and the next run of the kind cleans up. */
    const expectWhole = async (live: string, verb: Case['verb']) => {
      expect(await liveDigest()).toBe(live)
      await expectNoneHalf(ledger())
      await backupOk(ledger(), [verb])
      expect(await newest(ledger())).toMatchObject({ state: 'proven' })
      expect(await liveDigest()).toBe(live)
      expect(await leftovers()).toEqual([])
    }

    it.each(cases)('$kind: $fault', async ({ verb, index, kind, fault }) => {
      await backupOk(ledger(), ['now'])
      const live = await liveDigest()
      const { step, result } = await befallen(ledger(), [verb], index, fault)
      expect(step).toContain(kind)
      if (result.code !== 0) expect(problemIn(result).code).toMatch(/^(data|ssh|host|engine)\//)
      await expectWhole(live, verb)
      await discardAsides(ledger())
    })

    it.each(places.filter(({ kind }) => isSoak || kind === 'backup.take'))(
      '$kind: the disk fills up',
      async ({ verb, index, kind }) => {
        await onSmallDisk(async () => {
          await backupOk(ledger(), ['now'])
          const live = await liveDigest()
          const { step, result } = await befallen(ledger(), [verb], index, 'the disk fills up')
          expect(step).toContain(kind)
          if (['backup.take', 'restore.load'].includes(kind))
            expect(problemIn(result)).toMatchObject({ code: 'data/disk-full' })
          expect(await liveDigest()).toBe(live)
          await backupOk(ledger(), [verb])
          expect(await newest(ledger())).toMatchObject({ state: 'proven' })
          expect(await leftovers()).toEqual([])
        })
        await discardAsides(ledger())
      },
    )
  })
}
