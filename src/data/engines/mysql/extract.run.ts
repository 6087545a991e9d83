import { removePath, within } from '../../../io/host/files/durable.ts'
import { makeFolder } from '../../../io/host/files/files.ts'
import type { DataContext } from '../../engine.ts'
import { type Extracted, type Extraction, refuseDifferences } from '../../extract/extraction.ts'
import type { MysqlContents } from '../../held.ts'
import { chosenTables, refuseSameNames } from '../chosen-tables.ts'
import { workPath } from '../places.ts'
import { keyOf, nameOf, tableDifferences } from '../tables.ts'
import { definitionDifferences } from './compare.ts'
import { countTables, definitionsOf, type Outline, outlineOf } from './look.run.ts'
import { beforeDump, besideStatements, databaseOf, refuseDatabase } from './part.ts'
import { withRestored } from './scratch.run.ts'
import { type MysqlDoor, type MysqlSession, runDump, withSession } from './session.run.ts'
import { quoted } from './sql.ts'

/** Everything of ours in the work folder, where nothing of the copy can lie under a name of it. */
const ownFolder = 'taken-out'

/**
 * Takes tables out of a dump: restores all of it into a throw-away server, compares these tables and every definition
 * with the manifest, and dumps them from there.
 */
export const extract = (
  held: MysqlContents,
  { id, what, form }: Extraction,
  context: DataContext,
): Promise<Extracted> =>
  withRestored(held, within(context.folder, 'scratch'), context, (door) =>
    withSession(door, async (session) => {
      const outline = await outlineOf(session)
      const tables = chosenTables({ id, what, quoted }, outline.tables, [])
      const beside = form.as === 'sql' ? form.beside : null
      if (beside !== null) {
        refuseDatabase(beside, outline.schemas)
        refuseSameNames(tables, quoted)
      }
      const database = beside ?? databaseOf(tables)
      const found = await compared({ door, session, context }, held, { ...outline, tables })
      context.note('as the manifest says; writing them')
      if (beside !== null)
        for (const statement of besideStatements(beside, tables)) await session.run(statement)
      const own = within(context.folder, ownFolder)
      await removePath(own)
      await makeFolder(own, { mode: 0o700 })
      await runDump(door, [
        // A table that is there is left as it is: the file ends at it.
        ...['--skip-add-drop-table', '--skip-lock-tables', '--quick', '--hex-blob'],
        ...['--no-tablespaces', '--skip-dump-date', '--default-character-set=utf8mb4'],
        `--result-file=${workPath}/${ownFolder}/tables`,
        ...['--', database, ...tables.map(({ name }) => name)],
      ])
      return {
        file: within(own, 'tables'),
        before: beforeDump(id, database, beside !== null),
        after: '',
        holds: found.map((table) => ({ what: nameOf(table), count: table.rows, unit: 'row' })),
      }
    }),
  )

type Restored = { door: MysqlDoor; session: MysqlSession; context: DataContext }

/** Counts and digests what was restored; rows that are not those of the manifest are given to nobody. */
const compared = async (
  { door, session, context }: Restored,
  held: MysqlContents,
  outline: Outline,
): Promise<MysqlContents['tables']> => {
  const hash = held.hash ?? 'md5'
  const found = await countTables(session, { ...outline, hash }, context.note)
  const names = new Set(outline.tables.map(keyOf))
  const tables = held.tables.filter((table) => names.has(keyOf(table)))
  const definitionsSha256 = await definitionsOf(door, outline.schemas, context)
  refuseDifferences([
    ...tableDifferences({ tables }, { tables: found }),
    ...definitionDifferences(held, { definitionsSha256 }),
  ])
  return found
}
