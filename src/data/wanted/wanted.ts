import type { ComposeProject } from '../../compose/model.ts'
import type { DatabaseConfig } from '../../config/data.ts'
import type { Located } from '../../config/places.ts'
import type { Config } from '../../config/schema.ts'
import type { ProblemData } from '../../problem/problem.ts'
import { clusterOf } from './cluster.ts'
import { configurationOf } from './configuration.ts'
import { type Common, mongodbOf, mysqlOf, postgresOf, rabbitmqOf, redisOf } from './databases.ts'
import { keepOf } from './keep.ts'
import type { Dataset, DataSettings, Expectation, WrittenFile } from '../model.ts'
import type { ProvisionWanted } from '../provision/model.ts'
import { provisionWanted } from '../provision/wanted.ts'
import { rateOf } from './rate.ts'
import { storesOf } from './stores.ts'
import { literally, sameNames, volumeOf } from './volumes.ts'

/** What zarpe.yml says of data and cannot be known from the file alone. */
export type DataSources = {
  located: Located
  config: Config
  project: string
  values: Record<string, string>
  compose: ComposeProject
  environment: string
  /** What a backup of the configuration takes along from here. */
  written: WrittenFile[]
}

/** What a server is to be told of a project's data, or everything that is wrong with it. */
export const dataWanted = (
  sources: DataSources,
): {
  settings: DataSettings | null
  provision: ProvisionWanted[]
  problems: ProblemData[]
} => {
  const { located, config, environment, project, values } = sources
  const found = [
    ...Object.entries(config.databases).flatMap(([name, each]) => [
      datasetOf(sources, name, each),
      ...clusterOf(sources, name, each, asQueries(each.expect, '"')),
    ]),
    ...Object.entries(config.volumes).map(([name, each]) => volumeOf(sources, name, each)),
    ...configurationOf(sources),
  ]
  const { stores, problems: unset } = storesOf(located, config, environment, values)
  const provision = provisionWanted(sources)
  const problems = [
    ...unset,
    ...provision.problems,
    ...sameNames(located, config),
    ...found.flatMap((each) => each.problems),
  ]
  const datasets = found.flatMap((each) => (each.dataset ? [each.dataset] : []))
  if (datasets.length === 0) return { settings: null, provision: [], problems }
  const recipients = config.backups.encrypt ? Object.values(config.secrets.recipients) : []
  return {
    settings: { project, datasets, stores, recipients },
    provision: provision.found,
    problems: [...problems, ...noRecipients(sources)],
  }
}

/** One thing to back up, or all that is wrong with how it is asked for. */
export type DatasetWanted = { dataset: Dataset | null; problems: ProblemData[] }

const datasetOf = (sources: DataSources, name: string, database: DatabaseConfig): DatasetWanted => {
  const { backup } = database
  const keep = keepOf(sources, ['databases', name, 'backup'], backup)
  const common = {
    name,
    at: [backup.at].flat(),
    keep: keep.rules,
    // A migration changes tables; what a broker is told stays.
    beforeMigrations: backup.before_migrations ?? database.rabbitmq === undefined,
    ...rateOf(backup),
    priority: backup.priority,
  }
  const found = databaseOf(sources, common, database)
  return { dataset: found.dataset, problems: [...found.problems, ...keep.problems] }
}

const databaseOf = (
  sources: DataSources,
  common: Omit<Common, 'expect'>,
  { postgres, mysql, redis, rabbitmq, mongodb, backup, expect }: DatabaseConfig,
): DatasetWanted => {
  if (redis) return redisOf(sources, { ...common, expect: literally(expect) }, redis)
  if (rabbitmq) return rabbitmqOf(sources, { ...common, expect: literally(expect) }, rabbitmq)
  if (mongodb) return mongodbOf(sources, { ...common, expect: literally(expect) }, mongodb)
  if (mysql) return mysqlOf(sources, { ...common, expect: asQueries(expect, '`') }, mysql)
  return postgresOf(sources, { ...common, expect: asQueries(expect, '"') }, backup.jobs, postgres!)
}

/** A key with a blank in it is a query; any other is a table, of a schema or not. */
const asQueries = (expect: Record<string, string>, quote: '"' | '`'): Expectation[] =>
  Object.entries(expect).map(([what, is]) => ({
    what,
    is,
    query: /\s/.test(what)
      ? what.replace(/;\s*$/, '')
      : `SELECT count(*) FROM ${what
          .split('.')
          .map((name) => quoted(name, quote))
          .join('.')}`,
  }))

const noRecipients = ({ located, config }: DataSources): ProblemData[] =>
  config.backups.encrypt && Object.keys(config.secrets.recipients).length === 0
    ? [
        {
          code: 'config/no-recipients',
          summary: 'Backups are to be encrypted, and nobody could read them.',
          detail: '`backups.encrypt` is on, and `secrets.recipients` is empty.',
          place: located.placeOf(['backups', 'encrypt']),
          fix: ['zarpe secrets keygen', 'zarpe secrets recipients add <name> age1…'],
        },
      ]
    : []

const quoted = (name: string, quote: string) =>
  `${quote}${name.replaceAll(quote, quote + quote)}${quote}`
