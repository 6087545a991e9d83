import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Project } from '../../lab/project.ts'
import { postgresVersion } from '../../lab/psql.ts'
import { backupOk, sql } from './ledger.ts'

const tables = ['derived', 'guest', 'lax', 'lax_parts', 'adopted', 'part_1', 'sorted']

/** Rows, and everything that the catalogue says of columns and constraints. */
const state = () =>
  sql(`SET search_path = eighteen, public;
    SELECT id, net, gross, kept FROM derived ORDER BY id; TABLE guest; SELECT * FROM lax ORDER BY n; SELECT * FROM lax_parts ORDER BY k;
    TABLE part_1; SELECT count(*), min(id::text) FROM sorted; SELECT last_value FROM derived_id_seq;
    SELECT attrelid::regclass, attname, attgenerated, attnotnull FROM pg_attribute
    WHERE attnum > 0 AND attrelid::regclass::text IN (${tables.map((name) => `'${name}'`).join(', ')}) ORDER BY 1, 2;
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), obj_description(oid) FROM pg_constraint
    WHERE conrelid::regclass::text IN (${tables.map((name) => `'${name}'`).join(', ')}) AND conparentid = 0 ORDER BY 1, 2`)

/** What PostgreSQL 18 brought: columns that are computed, NOT NULL of new rows alone, constraints of times. */
export const tablesOf18 = (ledger: () => Project) => {
  describe.runIf(postgresVersion >= 18)('tables of version 18', () => {
    it('are taken out of a backup, and put back by psql alone', async () => {
      const before = await state()
      expect(before).toContain('some_id|NOT NULL id NOT VALID|of new rows')
      const to = join(ledger().folder, 'taken-18.sql')
      const names = tables.map((name) => `eighteen.${name}`)
      await backupOk(ledger(), ['extract', ...names, '--to', to])
      await sql(`SET search_path = eighteen; DROP TABLE ${tables.join(', ')}`)
      await sql(readFileSync(to, 'utf8'))
      expect(await state()).toBe(before)
    })
  })
}
