import type { ComposeService } from '../../compose/model.ts'

const postgresFolder = '/var/lib/postgresql'

/** Folders in which the official images of databases keep their data, by the last part of the name. */
const dataFolders: Record<string, string[]> = {
  postgres: [postgresFolder],
  postgis: [postgresFolder],
  timescaledb: [postgresFolder, '/home/postgres/pgdata'],
  pgvector: [postgresFolder],
  mysql: ['/var/lib/mysql'],
  mariadb: ['/var/lib/mysql'],
  percona: ['/var/lib/mysql'],
  mongo: ['/data/db'],
  couchdb: ['/opt/couchdb/data'],
  influxdb: ['/var/lib/influxdb', '/var/lib/influxdb2'],
  clickhouse: ['/var/lib/clickhouse'],
  'clickhouse-server': ['/var/lib/clickhouse'],
  elasticsearch: ['/usr/share/elasticsearch/data'],
  opensearch: ['/usr/share/opensearch/data'],
  neo4j: ['/data'],
  rabbitmq: ['/var/lib/rabbitmq'],
  minio: ['/data', '/bitnami/minio/data'],
}

/**
 * The folders of which one must be on a volume for a database to keep its data; null if the image is
 * none that is known. Up to version 17 the images of PostgreSQL declare a volume of their own below
 * `/var/lib/postgresql`, so that a named one there stays empty and the data is lost.
 */
export const dataFoldersOf = ({ image = '', environment }: ComposeService): string[] | null => {
  const [name = '', tag = ''] = image.split('@')[0]!.split('/').at(-1)!.split(':')
  if (!Object.hasOwn(dataFolders, name)) return null
  const usual = dataFolders[name]!
  if (!usual.includes(postgresFolder)) return usual
  const number =
    /pg(\d+)/.exec(tag)?.[1] ?? (name.startsWith('postg') ? /^(\d+)/.exec(tag)?.[1] : undefined)
  const own = environment?.['PGDATA'] ? [environment['PGDATA']] : []
  if (number === undefined) return [...own, `${postgresFolder}/data`, ...usual]
  if (Number(number) > 17) return [...own, ...usual]
  return own.length > 0 ? own : [`${postgresFolder}/data`]
}

/** Whether a volume that is mounted at a folder keeps what is written to another one. */
export const keeps = (target: string, folder: string): boolean => {
  const clean = target.replace(/\/+$/, '')
  return folder === clean || (folder.startsWith(`${clean}/`) && clean !== postgresFolder)
}
