import { describe, expect, it } from 'vitest'
import { ensureServed } from '../../../src/lab/mirror.ts'
import type { Project } from '../../lab/project.ts'
import { postgresVersion } from '../../lab/psql.ts'
import { backupOk, deployed, liveDigest, newest, sql } from './ledger.ts'

const newer = 17

/** A newer server in an empty volume, set up to sort otherwise than the older one did. */
const upgraded = (compose: string) =>
  compose
    .replace(`postgres:${postgresVersion}`, `postgres:${newer}`)
    .replaceAll(/\bdata:/g, 'newer:')
    .replace(
      'environment:',
      "environment:\n      POSTGRES_INITDB_ARGS: '--locale-provider=icu --icu-locale=und'",
    )

/** What a version does not read of another's data folder, it reads of a dump: the way from one to the next. */
export const dumpsForNewer = (ledger: () => Project) => {
  describe.runIf(postgresVersion < newer)(`a service that is of version ${newer} by now`, () => {
    it('gets its data from a backup of the older one, which sorts as it did', async () => {
      await ensureServed([`postgres:${newer}`], () => undefined)
      await backupOk(ledger(), ['now'])
      const { id } = await newest(ledger())
      const before = await liveDigest()
      const config = ledger().read('zarpe.yml')
      ledger().write('compose.yml', upgraded(ledger().read('compose.yml')))
      // An empty database has nothing of what is expected, and nothing that the last migration was for.
      ledger().write('zarpe.yml', config.replace(/^ *expect: .*\n/m, ''))
      ledger().write('migrate.sql', 'CREATE TABLE public.begun (id int);')
      await deployed(ledger())
      expect(await sql('SHOW server_version')).toMatch(`${newer}.`)
      expect(await sql('SELECT datlocprovider FROM pg_database LIMIT 1')).toBe('i')
      await backupOk(ledger(), ['restore', id])
      expect(await liveDigest()).toBe(before)
      const own = 'SELECT datlocprovider FROM pg_database WHERE datname = current_database()'
      expect(await sql(own)).toBe('c')
      expect(await sql("SELECT to_regclass('public.begun')")).toBe('')
      await backupOk(ledger(), ['discard'])
      ledger().write('zarpe.yml', config)
      ledger().write('migrate.sql', 'SELECT 1;')
      await deployed(ledger())
      await backupOk(ledger(), ['now'])
      expect(await newest(ledger())).toMatchObject({ state: 'proven' })
    })
  })
}
