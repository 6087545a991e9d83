import type { Between } from './backup/chain.ts'
import type { ObservedRuns } from './health/model.ts'
import type { Contents } from './held.ts'
import type { Archive } from './wal/model.ts'
import type { ReplacedPassword } from './provision/model.ts'
import type { StoreSettings } from './store.ts'

// What must never be lost, as everything in this room speaks of it. All of it is plain JSON.

/** What a dataset is, by the engine that keeps it. */
export type DatasetKind = Dataset['kind']

/** One thing that is backed up as a whole. */
export type Dataset =
  | PostgresDataset
  | ClusterDataset
  | VolumeDataset
  | RedisDataset
  | MysqlDataset
  | RabbitmqDataset
  | ConfigurationDataset
  | MongodbDataset

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
  /** Bytes a second that are read of the live data at most; not there: as many as it takes. */
  rate?: number
  /** Not there: `low`. */
  priority?: Priority
}

/** Whether work on data gives way to what serves, or is done as fast as it goes. */
export type Priority = 'low' | 'normal'

export type PostgresDataset = Common & {
  kind: 'postgres'
  source: ServiceSource | UrlSource
  /** How many tables are dumped at once. */
  jobs: number
}

/**
 * A PostgreSQL service as a whole, as its server keeps it on disk, and its write-ahead log: together they bring back any
 * moment. `database`: of which `expect` is asked.
 */
export type ClusterDataset = Common & {
  kind: 'cluster'
  /** The dataset that asked for it. */
  of: string
  service: string
  database: string | null
  /** What the base backups between two full ones are, and how old a full one gets; null where all of them are full. */
  between: Between | null
}

/** The files of a volume, by the name that the engine knows it by. */
export type VolumeDataset = Common & { kind: 'volume'; volume: string }

/** A Redis of the app; with no password named, that of its own command line is taken. */
export type RedisDataset = Common & { kind: 'redis'; service: string; password: string | null }

/** A MariaDB or MySQL of the app, with every database that it has. */
export type MysqlDataset = Common & { kind: 'mysql'; service: string }

/** What a RabbitMQ of the app is told; never its messages. */
export type RabbitmqDataset = Common & { kind: 'rabbitmq'; service: string }

/** A MongoDB of the app, with every database that it has. */
export type MongodbDataset = Common & { kind: 'mongodb'; service: string }

/** What a product is made from: files of the laptop, and what the server keeps of releases and the edge. */
export type ConfigurationDataset = Common & { kind: 'configuration'; files: WrittenFile[] }

/** A file that somebody wrote, as it was at the last deploy; its path is relative to that of zarpe.yml. */
export type WrittenFile = { path: string; base64: string }

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
  /** Of base backups: how far back any moment is to be had; not there for other data, nor in settings of older versions. */
  reachMs?: number
  /** The newest so many. */
  last: number | null
  /** The newest of so many days, weeks, months. */
  daily: number | null
  weekly: number | null
  monthly: number | null
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

/** A copy in one store. `begun`: it is being sent since then, or whoever sent it was cut short and could not say more. */
export type Copy =
  | { state: 'stored'; at: string; bytes: number; sha256: string; encrypted: boolean }
  | { state: 'failed'; at: string; problem: string; begun?: true }

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
  /** Of a base backup: the history whose log leads on from it, and from when on. `after`: the one it builds on. */
  log?: { history: string; stoppedAt: string; after?: string }
  copies: Record<string, Copy>
  proof: Proof | null
  /** Another server has taken it, or this one before it lost what it knew: it was found in a store. */
  isFound?: true
}

/** A backup that a store has. `header`: of its encrypted manifest, base64, if the server does not know it. */
export type FoundBackup = { id: string; encrypted: boolean; known: boolean; header: string | null }

/** Keys that the server is lent for encrypted manifests, in base64, by the backups that these are of. */
export type Keys = Record<string, string>

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
  /** When it got them. */
  configuredAt: string | null
  /** What the server was told, less what only it needs to know. */
  configured: Configured | null
  backups: Backup[]
  asides: Aside[]
  /** Write-ahead log, one for each dataset that can be brought back to any moment. */
  archives: Archive[]
  /** Roles whose password the last release has replaced. */
  replaced: ReplacedPassword[]
  /** The last runs of each timer. */
  runs: ObservedRuns[]
  /** Now on the server, as it reckons retention. */
  now: string
}
