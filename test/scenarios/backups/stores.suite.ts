import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemIn, zarpe } from '../../lab/cli.ts'
import type { Project } from '../../lab/project.ts'
import { disks, wholeOn, withDisks } from './disks.ts'
import { backup, backupOk, listed, newest, onServer, project, server } from './ledger.ts'

/** Several stores: one that is down, what it missed, and what no rule keeps. */
export const severalStores = (ledger: () => Project) => {
  describe('a store that is down', () => {
    let undo = async () => {}
    const away = `${disks.far}.away`
    const status = () => zarpe(['status'], { folder: ledger().folder, server })

    beforeAll(async () => {
      undo = await withDisks(ledger(), 'local: 7d, near: { last: 2 }, far: { last: 2 }')
    })

    afterAll(() => undo())

    it('does not stop the others, is told of, and gets what it missed with the next backup', async () => {
      await onServer('mv', disks.far, away)
      const result = await backup(ledger(), ['now'])
      expect(result.code).toBe(1)
      expect(problemIn(result)).toMatchObject({
        code: 'data/not-stored',
        detail: expect.stringContaining('far'),
      })
      const missed = await newest(ledger())
      expect(missed).toMatchObject({
        state: 'proven',
        copies: { local: { state: 'stored' }, near: { state: 'stored' }, far: { state: 'failed' } },
      })
      expect(await wholeOn('near')).toContain(missed.id)
      const told = await status()
      expect(told.code).toBe(1)
      expect(told.stdout).toContain('far')
      await onServer('mv', away, disks.far)
      await backupOk(ledger(), ['now'])
      const next = await newest(ledger())
      expect(next.id).not.toBe(missed.id)
      expect(await wholeOn('far')).toEqual(expect.arrayContaining([missed.id, next.id]))
      expect((await listed(ledger())).find(({ id }) => id === missed.id)).toMatchObject({
        copies: { far: { state: 'stored' } },
      })
      expect((await status()).code).toBe(0)
      await backupOk(ledger(), ['verify', missed.id, '--from', 'far'])
    })

    it('and one that keeps two: prune removes what no rule keeps, there alone', async () => {
      await backupOk(ledger(), ['now'])
      const before = await listed(ledger())
      const last = before.slice(-2).map(({ id }) => id)
      // What a run removes it has planned before it took its own.
      await backupOk(ledger(), ['prune'])
      expect(await wholeOn('near')).toEqual(last)
      expect(await wholeOn('far')).toEqual(last)
      const after = await listed(ledger())
      expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
      for (const { id, copies } of after)
        expect(Object.keys(copies).toSorted(), id).toEqual(
          last.includes(id) ? ['far', 'local', 'near'] : ['local'],
        )
      const again = await backupOk(ledger(), ['prune'])
      expect(again.events.filter(({ type }) => type === 'step')).toEqual([])
    })

    it('its timer catches up on what was missed', async () => {
      const timer = `zarpe-backup-${project}.main.timer`
      const shown = await onServer('systemctl', 'show', timer, '--property=Persistent')
      expect(shown).toBe('Persistent=yes')
    })
  })
}
