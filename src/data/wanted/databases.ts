import type { DatabaseConfig } from '../../config/data.ts'
import type { ProblemData } from '../../problem/problem.ts'
import { parseUrl } from '../engines/postgres/connection.ts'
import { collectionIn } from '../engines/mongodb/expect.ts'
import { canBeAsked } from '../engines/rabbitmq/expect.ts'
import { knownKinds } from '../engines/rabbitmq/identity.ts'
import type { Dataset, PostgresDataset } from '../model.ts'
import type { DatasetWanted, DataSources } from './wanted.ts'

export type Common = Pick<
  Dataset,
  'name' | 'at' | 'keep' | 'expect' | 'beforeMigrations' | 'rate' | 'priority'
>

/** A PostgreSQL of the app, or elsewhere. */
export const postgresOf = (
  sources: DataSources,
  common: Common,
  jobs: number,
  config: NonNullable<DatabaseConfig['postgres']>,
): DatasetWanted => {
  const path = ['databases', common.name, 'postgres']
  const made = (source: PostgresDataset['source']): DatasetWanted => ({
    dataset: { ...common, kind: 'postgres', source, jobs },
    problems: [],
  })
  if ('service' in config) {
    const { service, database = null } = config
    const problem = unknownService(sources, service, path)
    return problem ? refused(problem) : made({ from: 'service', service, database })
  }
  const { located, values } = sources
  const url = Object.hasOwn(values, config.url) ? values[config.url] : undefined
  if (url !== undefined && parseUrl({ url })) return made({ from: 'url', url, image: config.image })
  return refused({
    code: 'config/bad-database-url',
    summary: 'The address of a database cannot be used.',
    detail:
      url === undefined
        ? `\`${config.url}\` has no value in this environment.`
        : `The value of \`${config.url}\` is not of the form postgresql://user:password@host:5432/database.`,
    place: located.placeOf([...path, 'url']),
    fix: [`zarpe env set ${config.url}`],
  })
}

/** A MariaDB or MySQL of the app. */
export const mysqlOf = (
  sources: DataSources,
  common: Common,
  { service }: NonNullable<DatabaseConfig['mysql']>,
): DatasetWanted => ofService(sources, common, { kind: 'mysql', service })

/** A Redis of the app. */
export const redisOf = (
  sources: DataSources,
  common: Common,
  { service, password: variable }: NonNullable<DatabaseConfig['redis']>,
): DatasetWanted => {
  const path = ['databases', common.name, 'redis']
  const problem = unknownService(sources, service, path)
  if (problem) return refused(problem)
  const made = (password: string | null): DatasetWanted => ({
    dataset: { ...common, kind: 'redis', service, password },
    problems: [],
  })
  if (variable === undefined) return made(null)
  const { located, values } = sources
  const value = Object.hasOwn(values, variable) ? values[variable]! : ''
  if (value !== '') return made(value)
  return refused({
    code: 'config/no-database-password',
    summary: 'A variable that a database needs has no value.',
    detail: `\`${variable}\` has no value in this environment.`,
    place: located.placeOf([...path, 'password']),
    fix: [`zarpe env set ${variable}`],
  })
}

/** A MongoDB of the app. */
export const mongodbOf = (
  sources: DataSources,
  common: Common,
  { service }: NonNullable<DatabaseConfig['mongodb']>,
): DatasetWanted =>
  ofService(sources, common, { kind: 'mongodb', service }, (query, what) =>
    collectionIn(query) !== null
      ? null
      : {
          code: 'config/unknown-collection',
          summary: 'What is expected of a MongoDB cannot be asked.',
          detail: `"${what}" is no collection with its database before it.`,
          fix: ['expect: { shop.orders: ">= 100" }'],
        },
  )

/** A RabbitMQ of the app. */
export const rabbitmqOf = (
  sources: DataSources,
  common: Common,
  { service }: NonNullable<DatabaseConfig['rabbitmq']>,
): DatasetWanted =>
  ofService(sources, common, { kind: 'rabbitmq', service }, (query, what) =>
    canBeAsked(query)
      ? null
      : {
          code: 'config/unknown-definition',
          summary: 'What is expected of a broker cannot be asked.',
          detail: `"${what}" is none of ${knownKinds.join(', ')}, with or without a virtual host behind it.`,
          fix: ['expect: { queues: ">= 3", "queues /shop": ">= 1" }'],
        },
  )

/** A database that is known by its service alone; `unasked` says why an expectation cannot be asked of it. */
const ofService = (
  sources: DataSources,
  common: Common,
  own: { kind: 'mysql' | 'mongodb' | 'rabbitmq'; service: string },
  unasked: (query: string, what: string) => ProblemData | null = () => null,
): DatasetWanted => {
  const problem = unknownService(sources, own.service, ['databases', common.name, own.kind])
  if (problem) return refused(problem)
  const problems = common.expect.flatMap(({ query, what }) => {
    const found = unasked(query, what)
    const place = sources.located.placeOf(['databases', common.name, 'expect', what], 'key')
    return found ? [{ ...found, place }] : []
  })
  return { dataset: { ...common, ...own }, problems }
}

const refused = (problem: ProblemData): DatasetWanted => ({ dataset: null, problems: [problem] })

const unknownService = (
  { located, compose }: DataSources,
  service: string,
  path: string[],
): ProblemData | null =>
  Object.hasOwn(compose.services, service)
    ? null
    : {
        code: 'config/unknown-service',
        summary: 'zarpe.yml names a service that the Compose file does not have.',
        detail: `There is no service "${service}"; there are: ${Object.keys(compose.services).join(', ')}.`,
        place: located.placeOf([...path, 'service']),
        fix: ['Correct the name, or add the service to the Compose file.'],
      }
