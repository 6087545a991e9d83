import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemIn } from '../../lab/cli.ts'
import type { Project } from '../../lab/project.ts'
import { restoreByHand } from './by-hand.ts'
import { harmed } from './damage.ts'
import { disk, encryptForAna, onDisk } from './encrypted.ts'
import { backup, backupOk, deployed, liveDigest, newest, onServer, sql } from './ledger.ts'

/** Copies that leave the server's own store, encrypted for a person. */
export const encryptedCopies = (ledger: () => Project) => {
  describe('an encrypted copy', () => {
    let plain: string
    let key: Awaited<ReturnType<typeof encryptForAna>>

    beforeAll(async () => {
      plain = ledger().read('zarpe.yml')
      key = await encryptForAna(ledger())
      await backupOk(ledger(), ['now'])
    })

    afterAll(async () => {
      ledger().write('zarpe.yml', plain)
      await deployed(ledger())
    })

    it('is one that nobody can read on the server, and its owner can prove', async () => {
      const { id } = await newest(ledger())
      const files = await onDisk()
      expect(files.map((path) => path.split('/').at(-1))).toEqual([
        `${id}.json.age`,
        `${id}.tar.age`,
      ])
      for (const path of files)
        expect(await onServer('head', '--bytes=21', path)).toBe('age-encryption.org/v1')
      const refused = await backup(ledger(), ['verify', '--from', 'disk'], key.nobody)
      expect(problemIn(refused)).toMatchObject({ code: 'secrets/not-for-you' })
      await backupOk(ledger(), ['verify', '--from', 'disk'], key.ana)
    })

    it('gives back a table, and all of it', async () => {
      const to = join(ledger().folder, 'taken-encrypted.csv')
      const from = ['--from', 'disk']
      await backupOk(ledger(), ['extract', 'hen', '--csv', '--to', to, ...from], key.ana)
      expect(readFileSync(to, 'utf8')).toBe('id,egg\n1,1\n2,\n3,\n')
      const before = await liveDigest()
      await sql('DROP TABLE public.events CASCADE')
      await backupOk(ledger(), ['restore', ...from], key.ana)
      expect(await liveDigest()).toBe(before)
      await backupOk(ledger(), ['discard'])
    })

    it('is restored by hand, as the page on its format says', async () => {
      const path = (await onDisk()).find((each) => each.endsWith('.tar.age'))!
      const { counted, held } = await restoreByHand(path, key.keyFile)
      expect(counted.length).toBeGreaterThan(10)
      expect(counted).toEqual(held.map(({ schema, name, rows }) => ({ schema, name, rows })))
    })

    it('that was harmed is found out', async () => {
      const path = (await onDisk()).find((each) => each.endsWith('.tar.age'))!
      await harmed(path, ['truncate', '--size=-1', path], async () => {
        const result = await backup(ledger(), ['verify', '--from', 'disk'], key.ana)
        expect(problemIn(result)).toMatchObject({ code: 'data/damaged' })
      })
      await onServer('rm', '-r', disk)
    })
  })
}
