// What a copy of each kind of data holds, as its manifest says it. All of it is plain JSON.

/** What a copy holds, by engine; written into the manifest and compared by every proof. */
export type Contents =
  | PostgresContents
  | ClusterContents
  | VolumeContents
  | RedisContents
  | MysqlContents
  | RabbitmqContents
  | ConfigurationContents
  | MongodbContents

/** A tree of files, of which the copy has a list with everything that a restore must bring back. */
export type TreeContents = {
  entries: number
  files: number
  /** Of all files; a hole counts as the zeros that it reads as. */
  bytes: number
  listSha256: string
}

export type VolumeContents = TreeContents & {
  kind: 'volume'
  /** As the engine knows it. */
  volume: string
  /** What was being changed while it was read, or went away; the copy has it as it was met. */
  moving: string[]
  /** What is in no copy, such as sockets, and why. */
  skipped: { name: string; why: string }[]
}

export type TableCount = {
  schema: string
  name: string
  rows: number
  /** Of all values of all rows, whatever their order; see docs/formats/backup.md. */
  digest: string
}

export type SequenceBracket = { schema: string; name: string; before: string; after: string }

export type PostgresContents = {
  kind: 'postgres'
  /** `server_version_num`, such as 170004. */
  version: number
  /** The image whose programs made the dump. */
  image: string
  database: string
  /** Size of its files, by which a proof reckons the memory it needs. */
  bytes: number
  owner: string
  encoding: string
  /** What `CREATE DATABASE` is told, so that text sorts as it did. */
  locale: {
    provider: string
    collate: string
    ctype: string
    locale: string | null
    /** How an ICU locale was changed, where it was; from PostgreSQL 16 on. */
    rules?: string
  }
  tables: TableCount[]
  /** Sequences move outside snapshots: each was somewhere between these. */
  sequences: SequenceBracket[]
  /**
   * Null where the user may not see them; then the dump has none either. `count`: those that hold something; earlier
   * manifests do not say how many are `empty`.
   */
  largeObjects: { count: number; digest: string; empty?: number } | null
  schemaSha256: string
  extensions: { name: string; version: string }[]
  /** Roles that own something or have rights on something. */
  roles: string[]
  /** Tables whose rows are not in the dump or cannot be compared, and why. */
  skipped: { schema: string; name: string; why: string }[]
}

/** A PostgreSQL server's data folder, copied while it was written to; made whole by the log of that time. */
export type ClusterContents = {
  kind: 'cluster'
  service: string
  /** The app's database, of which `expect` is asked, and the superuser. */
  database: string
  user: string
  /** `server_version_num`, such as 170004. */
  version: number
  image: string
  /** The volume of its data folder, and where in it that is. */
  volume: string
  below: string
  databases: string[]
  /** `max_prepared_transactions`, which a recovery must not be below. */
  prepared: number
  /** Of all its files, before they were compressed. */
  bytes: number
  /** The base backup of which it has only what has changed; none in a full one. */
  after?: string
  /** The archive of its log, by the dataset and the history that it is kept under: see docs/formats/backup.md. */
  dataset: string
  history: string
  /** The secret key of age that this log is encrypted with in other stores, if it is. Never leaves the server in plain. */
  logKey?: string
  timeline: number
  segmentBytes: number
  /** The copy is whole with the log from the one position to the other. */
  startLsn: string
  stopLsn: string
  /** From then on any moment can be had. */
  stoppedAt: string
}

/** By how the server spells it: its configuration file may say it, which is not in its arguments. */
export type MysqlBegunWith = { 'lower-case-table-names': string; 'innodb-page-size': string }

/** Everything of a MariaDB or MySQL server but its own system tables. */
export type MysqlContents = {
  kind: 'mysql'
  service: string
  /** As the server says, such as 11.8.3-MariaDB. */
  version: string
  image: string
  /** What the image's entry point was given; a proof's server is given the same. */
  args: string[]
  /** What its data folder was begun with, which a server with another one refuses; not in older manifests. */
  begunWith?: MysqlBegunWith
  /** The volume of its data folder; null if that is gone with the container. */
  volume: string | null
  schemas: string[]
  /** What tables were digested with; MD5 in older manifests. */
  hash?: 'sha256'
  tables: TableCount[]
  /** Of all definitions, without counters that move by themselves. */
  definitionsSha256: string
  /** Tables that have no snapshots, so that their rows may be of another moment. */
  loose: { schema: string; name: string; engine: string }[]
  /** Columns of FLOAT, which these servers tell to six digits: to a dump and to whoever digests. Not in older manifests. */
  rounded?: { schema: string; name: string; column: string }[]
}

/** Everything that is known of how the product is made, as files. */
export type ConfigurationContents = TreeContents & { kind: 'configuration' }

type RedisDatabase = { number: number; keys: number; expiring: number }

/** A snapshot of Redis, as a server sees it that has loaded it and lets nothing expire. */
export type RedisContents = {
  kind: 'redis'
  service: string
  /** Of Redis; a Valkey says which one it does as. */
  version: string
  /** Of Valkey, if it is one. */
  valkey?: string
  image: string
  /** The volume of its data folder; null if that is gone with the container. */
  volume: string | null
  /** Names in the data folder, and whether it begins from its append-only file. */
  files: { dump: string; isAppending: boolean; append: string; appendFolder: string }
  databases: RedisDatabase[]
  /** `DEBUG DIGEST`: of every key with its value, in any order. */
  digest: string
  /** Of `FUNCTION LIST WITHCODE`, lines sorted; null before version 7. */
  functionsSha256: string | null
  /** What the live server counted right before and right after the snapshot. */
  live: { before: RedisDatabase[]; after: RedisDatabase[] }
}

/** The definitions of a broker: who may do what where, and which queues there are. No message is among them. */
export type RabbitmqContents = {
  kind: 'rabbitmq'
  service: string
  version: string
  image: string
  /** Plugins that were turned on; a proof's broker has them too. */
  plugins: string[]
  /** By kind, as the export names it, such as `queues`: how many, and a digest of everything in them. */
  definitions: { kind: string; count: number; sha256: string }[]
  /** What is in the export and in no restore. */
  leftOut: { what: string; count: number; why: string }[]
}

/** Everything of a MongoDB but what each server makes for itself, as a server sees it that has restored the dump. */
export type MongodbContents = {
  kind: 'mongodb'
  service: string
  version: string
  image: string
  /** What the service's own server is given; a proof's server lays its files out as that does. */
  args: string[]
  /** The volume of its data folder; null if that is gone with the container. */
  volume: string | null
  /** Its name; null for a server by itself, which has no snapshot of more than one collection. */
  replicaSet: string | null
  collections: {
    database: string
    name: string
    /** `collection`, `view` or `timeseries`. */
    type: string
    /** 0 of a view. */
    documents: number
    /** By `dbHash`; null of a view. */
    md5: string | null
    definitionSha256: string
  }[]
  logins: { count: number; sha256: string }
}
