import type { ComposeProject } from '../compose/model.ts'
import type { DatabaseConfig } from '../config/data.ts'
import type { Located } from '../config/places.ts'
import type { Config } from '../config/schema.ts'
import type { ProblemData } from '../problem/problem.ts'
import { quoted } from './engines/postgres/sql.ts'
import { parseUrl } from './engines/postgres/connection.ts'
import { keepOf } from './keep-wanted.ts'
import type { Dataset, DataSettings, Expectation, PostgresDataset } from './model.ts'
import { storesOf } from './stores-wanted.ts'
import { sameNames, volumeOf } from './volumes-wanted.ts'

/** What zarpe.yml says of data and cannot be known from the file alone. */
export type DataSources = {
  located: Located
  config: Config
  project: string
  values: Record<string, string>
  compose: ComposeProject
  environment: string
}

/** What a server is to be told of a project's data, or everything that is wrong with it. */
export const dataWanted = (
  sources: DataSources,
): { settings: DataSettings | null; problems: ProblemData[] } => {
  const { located, config, environment, project, values } = sources
  const found = [
    ...Object.entries(config.databases).map(([name, each]) => datasetOf(sources, name, each)),
    ...Object.entries(config.volumes).map(([name, each]) => volumeOf(sources, name, each)),
  ]
  const { stores, problems: unset } = storesOf(located, config, environment, values)
  const problems = [
    ...unset,
    ...sameNames(located, config),
    ...found.flatMap((each) => each.problems),
  ]
  const datasets = found.flatMap((each) => (each.dataset ? [each.dataset] : []))
  if (datasets.length === 0) return { settings: null, problems }
  const recipients = config.backups.encrypt ? Object.values(config.secrets.recipients) : []
  return {
    settings: { project, datasets, stores, recipients },
    problems: [...problems, ...noRecipients(sources)],
  }
}

/** One thing to back up, or all that is wrong with how it is asked for. */
export type DatasetWanted = { dataset: Dataset | null; problems: ProblemData[] }

const datasetOf = (sources: DataSources, name: string, database: DatabaseConfig): DatasetWanted => {
  const { source, problems } = sourceOf(sources, name, database)
  const keep = keepOf(sources, ['databases', name], database.backup)
  if (!source) return { dataset: null, problems: [...problems, ...keep.problems] }
  const dataset: PostgresDataset = {
    name,
    kind: 'postgres',
    source,
    jobs: database.backup.jobs,
    at: [database.backup.at].flat(),
    keep: keep.rules,
    expect: expectations(database.expect),
    beforeMigrations: database.backup.before_migrations,
  }
  return { dataset, problems: [...problems, ...keep.problems] }
}

const sourceOf = (
  { located, values, compose }: DataSources,
  name: string,
  { postgres }: DatabaseConfig,
): { source: PostgresDataset['source'] | null; problems: ProblemData[] } => {
  const path = ['databases', name, 'postgres']
  if ('service' in postgres) {
    const { service, database = null } = postgres
    if (Object.hasOwn(compose.services, service))
      return { source: { from: 'service', service, database }, problems: [] }
    const problem: ProblemData = {
      code: 'config/unknown-service',
      summary: 'zarpe.yml names a service that the Compose file does not have.',
      detail: `There is no service "${service}"; there are: ${Object.keys(compose.services).join(', ')}.`,
      place: located.placeOf([...path, 'service']),
      fix: ['Correct the name, or add the service to the Compose file.'],
    }
    return { source: null, problems: [problem] }
  }
  const url = Object.hasOwn(values, postgres.url) ? values[postgres.url] : undefined
  if (url !== undefined && parseUrl({ url }))
    return { source: { from: 'url', url, image: postgres.image }, problems: [] }
  const problem: ProblemData = {
    code: 'config/bad-database-url',
    summary: 'The address of a database cannot be used.',
    detail:
      url === undefined
        ? `\`${postgres.url}\` has no value in this environment.`
        : `The value of \`${postgres.url}\` is not of the form postgresql://user:password@host:5432/database.`,
    place: located.placeOf([...path, 'url']),
    fix: [`zarpe env set ${postgres.url}`],
  }
  return { source: null, problems: [problem] }
}

/** A key with a blank in it is a query; any other is a table, of a schema or not. */
const expectations = (expect: Record<string, string>): Expectation[] =>
  Object.entries(expect).map(([what, is]) => ({
    what,
    is,
    query: /\s/.test(what)
      ? what.replace(/;\s*$/, '')
      : `SELECT count(*)::text FROM ${what.split('.').map(quoted).join('.')}`,
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
