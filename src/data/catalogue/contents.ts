import { plainText } from '../../problem/plain.ts'
import type {
  ClusterContents,
  ConfigurationContents,
  Contents,
  MongodbContents,
  MysqlContents,
  PostgresContents,
  RabbitmqContents,
  RedisContents,
  VolumeContents,
} from '../held.ts'
import { kindWords } from '../engines/rabbitmq/compare.ts'
import { bytesText, plural } from './render.ts'

/** What a copy holds, as lines: of a database every table with its rows, of a volume how many files. */
export const contentsLines = (held: Contents): string[] => linesOf(held).map(plainText)

const linesOf = (held: Contents): string[] => {
  switch (held.kind) {
    case 'cluster':
      return clusterLines(held)
    case 'configuration':
      return configurationLines(held)
    case 'mongodb':
      return mongodbLines(held)
    case 'mysql':
      return mysqlLines(held)
    case 'postgres':
      return postgresLines(held)
    case 'rabbitmq':
      return rabbitmqLines(held)
    case 'redis':
      return redisLines(held)
    case 'volume':
      return volumeLines(held)
  }
}

const clusterLines = (held: ClusterContents): string[] => [
  `  PostgreSQL ${Math.floor(held.version / 10_000)}, service ${held.service} as a whole, ${bytesText(held.bytes)}`,
  ...held.databases.map((name) => `    database ${name}`),
  `    any moment from ${held.stoppedAt} on, as far as the log of history ${held.history} goes`,
]

const configurationLines = (held: ConfigurationContents): string[] => [
  `  configuration: ${plural(held.files, 'file')}, ${bytesText(held.bytes)}`,
]

const mongodbLines = (held: MongodbContents): string[] => [
  `  MongoDB ${held.version}, service ${held.service}${held.replicaSet === null ? '' : `, replica set ${held.replicaSet}`}`,
  ...held.collections.map(({ database, name, type, documents }) =>
    type === 'view'
      ? `    ${database}.${name}  a view`
      : `    ${database}.${name}  ${plural(documents, 'document')}`,
  ),
  ...(held.replicaSet === null
    ? ['    collections are each of their own moment: only a replica set has snapshots of all']
    : []),
]

const mysqlLines = (held: MysqlContents): string[] => [
  `  ${held.version.includes('MariaDB') ? 'MariaDB' : 'MySQL'} ${held.version}, service ${held.service}`,
  ...held.tables.map(({ schema, name, rows }) => `    ${schema}.${name}  ${plural(rows, 'row')}`),
  ...held.loose.map(
    ({ schema, name, engine }) => `    ${schema}.${name}  is ${engine}, which has no snapshots`,
  ),
  ...(held.rounded ?? []).map(
    ({ schema, name, column }) =>
      `    ${schema}.${name}  ${column} is FLOAT, of which a dump has six digits`,
  ),
]

const postgresLines = (held: PostgresContents): string[] => [
  `  PostgreSQL ${Math.floor(held.version / 10_000)}, database ${held.database}`,
  ...held.tables.map(({ schema, name, rows }) => `    ${schema}.${name}  ${plural(rows, 'row')}`),
  ...held.skipped.map(({ schema, name, why }) => `    ${schema}.${name}  ${why}`),
]

const rabbitmqLines = (held: RabbitmqContents): string[] => [
  `  RabbitMQ ${held.version}, service ${held.service}: its definitions, and no messages`,
  ...held.definitions.map(({ kind, count }) => `    ${kindWords(kind)}  ${count}`),
  ...held.leftOut.map(({ what, count, why }) => `    ${plural(count, what)} left out  ${why}`),
]

const redisLines = (held: RedisContents): string[] => [
  `  ${held.valkey ? `Valkey ${held.valkey}` : `Redis ${held.version}`}, service ${held.service}`,
  ...held.databases.map(
    ({ number, keys, expiring }) =>
      `    database ${number}  ${plural(keys, 'key')}, ${expiring} of them with a time to live`,
  ),
]

const volumeLines = (held: VolumeContents): string[] => [
  `  volume ${held.volume}: ${plural(held.files, 'file')}, ${bytesText(held.bytes)}`,
  ...held.moving.map(
    (name) => `    ${name}  was changed while it was read; the copy has it as it was met`,
  ),
  ...held.skipped.map(({ name, why }) => `    ${name}  ${why}`),
]
