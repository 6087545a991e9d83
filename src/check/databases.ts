import type { ComposeService } from '../compose/model.ts'

/** Folders in which the official images of databases keep their data, by the last part of the name. */
const dataFolders: Record<string, string[]> = {
  postgres: ['/var/lib/postgresql'],
  postgis: ['/var/lib/postgresql'],
  timescaledb: ['/var/lib/postgresql', '/home/postgres/pgdata'],
  pgvector: ['/var/lib/postgresql'],
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

/** Where a service would keep the data of a database; null if its image is none that is known. */
export const dataFoldersOf = ({ image = '' }: ComposeService): string[] | null => {
  const name = image.split('@')[0]!.split('/').at(-1)!.split(':')[0]!
  return Object.hasOwn(dataFolders, name) ? dataFolders[name]! : null
}
