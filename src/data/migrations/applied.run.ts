import type { Engine } from '../../io/engine/engine.ts'
import { carefulSettings, insideDoor } from '../engines/postgres/inside.run.ts'
import { withSession } from '../engines/postgres/session.run.ts'
import type { Dataset, ServiceSource } from '../model.ts'
import { readSettings } from '../settings/settings.run.ts'
import {
  appliedFrom,
  type MigrationRow,
  type MigrationTable,
  questionsFor,
  tablesQuery,
} from './found.ts'
import type { AppliedMigration, DatasetMigrations } from './model.ts'

/** What hangs must not keep whoever only looks. */
const lookLimitMs = 6_000

/** What has been migrated in each PostgreSQL of the app, as its migration tool wrote it there. */
export const appliedMigrations = async (
  engine: Engine,
  project: string,
): Promise<DatasetMigrations[]> => {
  const datasets = (await readSettings(project))?.settings.datasets ?? []
  return Promise.all(
    datasets.flatMap((dataset) => {
      const source = sourceOf(dataset)
      if (!source) return []
      // Whether the database runs at all is told elsewhere.
      const applied = appliedIn(engine, project, source).catch(() => [])
      return [applied.then((found) => ({ dataset: dataset.name, applied: found }))]
    }),
  )
}

const sourceOf = (dataset: Dataset): ServiceSource | null =>
  dataset.kind === 'postgres' && dataset.source.from === 'service' ? dataset.source : null

const appliedIn = async (
  engine: Engine,
  project: string,
  source: ServiceSource,
): Promise<AppliedMigration[]> => {
  const signal = AbortSignal.timeout(lookLimitMs)
  const door = await insideDoor(engine, project, source, { signal, settings: carefulSettings })
  return withSession(door, door.database, async (session) => {
    const found: AppliedMigration[] = []
    for (const { tool, query } of questionsFor(await session.rows<MigrationTable>(tablesQuery)))
      found.push(...appliedFrom(tool, await session.rows<MigrationRow>(query)))
    return found
  })
}
