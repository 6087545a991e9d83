import type { DataContext } from '../../engine.ts'
import type { PostgresContents } from '../../held.ts'
import type { Expectation } from '../../model.ts'
import { differencesOf } from './compare.ts'
import { emptyDatabase, look, restoreDump, restoreRoles, unmet } from './rebuild.run.ts'
import { withScratch } from './scratch.run.ts'

/** Restores a dump into a throw-away server, and compares every table, sequence and definition. */
export const prove = (
  held: PostgresContents,
  expect: Expectation[],
  context: DataContext,
): Promise<string[]> => {
  const jobs = context.processes ?? 1
  return withScratch(held, context, async (door) => {
    context.note('a throw-away server has started')
    await restoreRoles(door, held, 'postgres', context.folder)
    const name = await emptyDatabase(door, held)
    context.note('restoring')
    await restoreDump(door, name, jobs)
    const found = await look(door, name, { jobs, schema: true }, context.note)
    return [...differencesOf(held, found), ...(await unmet(door, name, expect))]
  })
}
