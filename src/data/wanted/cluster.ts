import type { DatabaseConfig } from '../../config/data.ts'
import { parseDuration } from '../../config/units.ts'
import type { ProblemData } from '../../problem/problem.ts'
import { keepOf } from './keep.ts'
import { rateOf } from './rate.ts'
import type { Dataset, Expectation, Retention } from '../model.ts'
import type { DatasetWanted, DataSources } from './wanted.ts'

/** What the base backups of a database are called among what is backed up. */
export const baseNameOf = (database: string) => `${database}-base`

const nameMax = 31

/** A base backup is needed until the next one is as old as what is to be had back; one may be missed. */
const untilNextMs = 49 * 3_600_000

/** The server of a database as a whole with its log, where zarpe.yml wants any moment of it. */
export const clusterOf = (
  sources: DataSources,
  name: string,
  { postgres, backup }: DatabaseConfig,
  expect: Expectation[],
): DatasetWanted[] => {
  const { point_in_time: wanted } = backup
  if (!wanted || !postgres || !('service' in postgres)) return []
  const path = ['databases', name, 'backup', 'point_in_time']
  const problem = refusal(sources, name, path)
  if (problem) return [{ dataset: null, problems: [problem] }]
  const { rules } = keepOf(sources, ['databases', name, 'backup'], backup)
  const reachMs = parseDuration(wanted.keep) ?? 0
  const retention: Retention = {
    forMs: reachMs + untilNextMs,
    reachMs,
    last: 1,
    daily: null,
    weekly: null,
    monthly: null,
  }
  const dataset: Dataset = {
    kind: 'cluster',
    name: baseNameOf(name),
    of: name,
    service: postgres.service,
    database: postgres.database ?? null,
    at: [wanted.at].flat(),
    between: wanted.full
      ? { fullEveryMs: parseDuration(wanted.full) ?? 0, are: wanted.between ?? 'differential' }
      : null,
    keep: Object.fromEntries(Object.keys(rules).map((store) => [store, retention])),
    expect,
    beforeMigrations: false,
    ...rateOf(backup),
    priority: backup.priority,
  }
  return [{ dataset, problems: [] }]
}

const refusal = (
  { located, config }: DataSources,
  name: string,
  path: string[],
): ProblemData | null => {
  const own = baseNameOf(name)
  if (own.length > nameMax)
    return {
      code: 'config/long-dataset',
      summary: 'The name of a database is too long to have base backups.',
      detail: `They would be called "${own}"; ${nameMax} letters are the most.`,
      place: located.placeOf(path, 'key'),
      fix: ['Give the database a shorter name.'],
    }
  const isTaken = [config.databases, config.volumes].some((each) => Object.hasOwn(each, own))
  if (isTaken)
    return {
      code: 'config/same-dataset',
      summary: 'Two things that are backed up have one name.',
      detail: `"${own}" is under \`databases\` or \`volumes\`, and the base backups of "${name}" are called so.`,
      place: located.placeOf(path, 'key'),
      fix: ['Give one of them another name.'],
    }
  return null
}
