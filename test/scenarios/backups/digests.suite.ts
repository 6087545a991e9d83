import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Project } from '../../lab/project.ts'
import { postgresVersion } from '../../lab/psql.ts'
import { backupOk, copyOf, hostileThere, newest, onServer, sql } from './ledger.ts'

/** The same data has the same digest, whatever a session is told and wherever rows lie. */
export const steadyDigests = (ledger: () => Project) => {
  describe('a digest', () => {
    beforeAll(hostileThere)

    type Contents = { tables: { rows: number }[]; largeObjects: object; schemaSha256: string }

    const taken = async (): Promise<Contents> => {
      await backupOk(ledger(), ['now'])
      const last = await newest(ledger())
      expect(last.state).toBe('proven')
      const manifest = await onServer('cat', `${copyOf(last.id)}.json`)
      const { tables, largeObjects, schemaSha256 } = (
        JSON.parse(manifest) as { contents: Contents }
      ).contents
      return { tables, largeObjects, schemaSha256 }
    }

    /** What a session is told where nothing else is said; the fixture has settings of the database already. */
    const settings: [name: string, before: string | null, other: string][] = [
      ['TimeZone', `'Asia/Kathmandu'`, `'America/St_Johns'`],
      ['DateStyle', `'German'`, `'SQL, MDY'`],
      ['extra_float_digits', '0', '-15'],
      ['search_path', 'books, public', `'"Odd ""Schema"" with $signs", pg_catalog'`],
      ['IntervalStyle', null, `'sql_standard'`],
      ['bytea_output', null, `'escape'`],
      ['lc_monetary', null, `'C'`],
      ['xmlbinary', null, `'hex'`],
      ['row_security', null, 'on'],
    ]

    /** Each is set of the database and of the role in it, and the latter counts. */
    const setAll = (which: 'before' | 'other') =>
      sql(
        settings
          .flatMap(([name, before, other]) => {
            const value = which === 'other' ? other : before
            const set = value === null ? `RESET ${name}` : `SET ${name} TO ${value}`
            const role = which === 'other' ? `SET ${name} TO ${other}` : `RESET ${name}`
            return [
              `ALTER DATABASE ledger ${set}`,
              `ALTER ROLE postgres IN DATABASE ledger ${role}`,
            ]
          })
          .join(';\n'),
      )

    const orders = () => sql('SELECT md5(string_agg(id::text, $$,$$)) FROM public.entries')

    afterAll(() => setAll('before'))

    it('is the same under other settings, in another order, and after another collation came', async () => {
      await sql(
        `INSERT INTO public.entries (account, cents) SELECT 'account ' || n, n FROM generate_series(1, 500) n`,
      )
      const [before, order] = [await taken(), await orders()]
      expect(before.tables.length).toBeGreaterThan(16)
      await setAll('other')
      expect(await sql('SHOW TimeZone; SHOW extra_float_digits')).toBe('America/St_Johns\n-15')
      // Rows move to the end of their files, files are written anew, in the order of another index.
      await sql(`UPDATE public.entries SET cents = cents WHERE id % 3 = 0;
        CREATE INDEX by_cents ON public.entries (cents DESC); CLUSTER public.entries USING by_cents;
        DROP INDEX public.by_cents; UPDATE public.extremes SET txt = txt WHERE f4 = 'NaN';
        UPDATE public.events SET what = what WHERE id % 2 = 0;`)
      await sql('VACUUM FULL')
      expect(await orders()).not.toBe(order)
      // As after an upgrade of the C library or of ICU.
      await sql(
        `UPDATE pg_collation SET collversion = 'of another library' WHERE collversion IS NOT NULL`,
      )
      if (postgresVersion >= 15)
        await sql(`UPDATE pg_database SET datcollversion = 'another' WHERE datname = 'ledger'`)
      expect(await taken()).toEqual(before)
      await sql('ALTER DATABASE ledger REFRESH COLLATION VERSION')
    })
  })
}
