import type { ReplacedPassword } from './provision/model.ts'
import type { StoreSettings } from './store.ts'

// What must never be lost, as everything in this room speaks of it. All of it is plain JSON.

/** What a dataset is, by the engine that keeps it. */
export type DatasetKind = Dataset['kind']

/** One thing that is backed up as a whole. */
export type Dataset =
  | PostgresDataset
  | VolumeDataset
  | RedisDataset
  | MysqlDataset
  | RabbitmqDataset

type Common = {
  /** As `zarpe.yml` calls it. */
  name: string
  /** Times of day on the server, such as "03:00"; none: by hand and before migrations alone. */
  at: string[]
  /** How long each store keeps its copies; a store that is not named gets none. */
  keep: Record<string, Retention>
  /** What must be true of the data, beside the counts of the manifest. */
  expect: Expectation[]
  /** Whether a release that migrates takes a backup of it first. */
  beforeMigrations: boolean
}

export type PostgresDataset = Common & {
  kind: 'postgres'
  source: ServiceSource | UrlSource
  /** How many tables are dumped at once. */
  jobs: number
}

/** The files of a volume, by the name that the engine knows it by. */
export type VolumeDataset = Common & { kind: 'volume'; volume: string }

/** A Redis of the app; with no password named, that of its own command line is taken. */
export type RedisDataset = Common & { kind: 'redis'; service: string; password: string | null }

/** A MariaDB or MySQL of the app, with every database that it has. */
export type MysqlDataset = Common & { kind: 'mysql'; service: string }

/** What a RabbitMQ of the app is told; never its messages. */
export type RabbitmqDataset = Common & { kind: 'rabbitmq'; service: string }

/** A service of the app: user, password and database are those it was given itself. */
export type ServiceSource = { from: 'service'; service: string; database: string | null }

/** A server elsewhere, with an image that has its client programs. */
export type UrlSource = { from: 'url'; url: string; image: string }

/** A condition on the data: a number of rows or files, or the answer to a query. */
export type Expectation = { what: string; query: string; is: string }

/** Which copies a store keeps: one that any of these rules wants stays. */
export type Retention = {
  /** Everything younger than this. */
  forMs: number | null
  /** The newest so many. */
  last: number | null
  /** The newest of so many days, weeks, months. */
  daily: number | null
  weekly: number | null
  monthly: number | null
}

/** What a copy holds, by engine; written into the manifest and compared by every proof. */
export type Contents =
  | PostgresContents
  | VolumeContents
  | RedisContents
  | MysqlContents
  | RabbitmqContents

/** A tree of files, of which the copy has a list with everything that a restore must bring back. */
export type VolumeContents = {
  kind: 'volume'
  /** As the engine knows it. */
  volume: string
  entries: number
  files: number
  /** Of all files; a hole counts as the zeros that it reads as. */
  bytes: number
  listSha256: string
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
  locale: { provider: string; collate: string; ctype: string; locale: string | null }
  tables: TableCount[]
  /** Sequences move outside snapshots: each was somewhere between these. */
  sequences: SequenceBracket[]
  /** Null where the user may not see them; then the dump has none either. */
  largeObjects: { count: number; digest: string } | null
  schemaSha256: string
  extensions: { name: string; version: string }[]
  /** Roles that own something or have rights on something. */
  roles: string[]
  /** Tables whose rows are not in the dump or cannot be compared, and why. */
  skipped: { schema: string; name: string; why: string }[]
}

/** Everything of a MariaDB or MySQL server but its own system tables. */
export type MysqlContents = {
  kind: 'mysql'
  service: string
  /** As the server says, such as 11.8.3-MariaDB. */
  version: string
  image: string
  /** What the image's entry point was given; a proof's server is given the same. */
  args: string[]
  /** The volume of its data folder; null if that is gone with the container. */
  volume: string | null
  schemas: string[]
  tables: TableCount[]
  /** Of all definitions, without counters that move by themselves. */
  definitionsSha256: string
  /** Tables that have no snapshots, so that their rows may be of another moment. */
  loose: { schema: string; name: string; engine: string }[]
}

type RedisDatabase = { number: number; keys: number; expiring: number }

/** A snapshot of Redis, as a server sees it that has loaded it and lets nothing expire. */
export type RedisContents = {
  kind: 'redis'
  service: string
  version: string
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

/** Why a backup was taken. */
export type BackupReason = 'by hand' | 'schedule' | 'before a migration' | 'before a restore'

/** What is said of a copy beside it; specified in docs/formats/backup.md. */
export type Manifest = {
  format: 1
  id: string
  project: string
  dataset: string
  takenAt: string
  finishedAt: string
  reason: BackupReason
  /** The release that was current. */
  release: number | null
  zarpe: string
  /**
   * The one file of the copy, before any encryption. An encrypted manifest also has the key of the encrypted
   * copy, in base64, so that whoever can read the one can read the other.
   */
  file: { bytes: number; sha256: string; key?: string }
  contents: Contents
}

/** A copy in one store. */
export type Copy =
  | { state: 'stored'; at: string; bytes: number; sha256: string; encrypted: boolean }
  | { state: 'failed'; at: string; problem: string }

/** How a proof ended: everything was restored and compared, or these are the differences. */
export type Proof = {
  at: string
  /** The store whose copy was restored. */
  from: string
  outcome: 'proven' | 'failed'
  ms: number
  differences: string[]
}

/** What a server knows of a backup; the catalogue has one for each. */
export type Backup = {
  id: string
  project: string
  dataset: string
  kind: DatasetKind
  takenAt: string
  reason: BackupReason
  release: number | null
  file: { bytes: number; sha256: string }
  manifestSha256: string
  summary: Summary
  copies: Record<string, Copy>
  proof: Proof | null
}

/** A backup that a store has. `header`: of its encrypted manifest, base64, if the server does not know it. */
export type FoundBackup = { id: string; encrypted: boolean; known: boolean; header: string | null }

/** For lists: how much there is, in the engine's own words. */
export type Summary = { units: number; unit: string; rows: number; row: string }

/** How far a backup has come. */
export type BackupState = 'taken' | 'stored' | 'proven' | 'failed'

/** The name of the store on the server itself. */
export const localStore = 'local'

/** Everything a server must know to take backups by itself. Holds secrets. */
export type DataSettings = {
  project: string
  datasets: Dataset[]
  stores: StoreSettings[]
  /** Public keys of age; with none, copies are not encrypted. */
  recipients: string[]
}

/** Data beside the live one: restored and not in place yet, or put aside by a restore until told otherwise. */
export type Aside = {
  dataset: string
  is: 'beside' | 'aside'
  /** What it is called now. */
  name: string
  /** What the live data is called. */
  was: string
  at: string
  /** The backup that was restored. */
  backup: string
  /** The release that was being rolled back to, if it was part of that. */
  release: number | null
}

/** Settings without what is secret in them. */
export type Configured = {
  datasets: (Pick<Dataset, 'name' | 'kind' | 'at' | 'keep' | 'expect'> & {
    /** Where the live data is: in the app itself, or on a server that others reach too. */
    from: PostgresDataset['source']['from']
  })[]
  /** `where` is for people, such as `sftp://box.example:23/backups`. */
  stores: { name: string; where: string }[]
  encrypted: boolean
}

/** Everything on a server about a project's data, read at one moment. */
export type ObservedData = {
  project: string
  /** Fingerprint of the settings that the server has; null before the first. */
  settings: string | null
  /** What the server was told, less what only it needs to know. */
  configured: Configured | null
  backups: Backup[]
  asides: Aside[]
  /** Roles whose password the last release has replaced. */
  replaced: ReplacedPassword[]
  /** Now on the server, as it reckons retention. */
  now: string
}
