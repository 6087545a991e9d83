import type { Moment } from './engine.ts'
import type { BackupReason, DataSettings, Keys } from './model.ts'
import type { ProvisionWanted } from './provision/model.ts'

/** A restore: of which backup, and by which names. */
type Restored = {
  project: string
  id: string
  live: string
  beside: string
  at: string
  /** The release this belongs to; null for a restore by itself. */
  release: number | null
}

/** The acts on a project's data. Where they act and with what secrets stands in the server's settings. */
export type DataSteps = {
  /** Writes what the server must know to take backups by itself, and its timers. */
  'data.configure': { settings: DataSettings; fingerprint: string }
  /** Removes the settings and timers; backups stay. */
  'data.unconfigure': { project: string }
  /** Dumps a dataset into the server's own store; there is a backup or none. */
  'backup.take': {
    project: string
    dataset: string
    id: string
    reason: BackupReason
  }
  /** Restores a copy into something throw-away and compares all of it. `keys`: of encrypted copies. */
  'backup.prove': { project: string; id: string; from: string; keys?: Keys }
  /** Puts a copy into a store, read back. A store that fails is told of by `backup.conclude`. */
  'backup.send': { project: string; id: string; store: string }
  /** Adds backups to the catalogue that a store has and the server does not know. */
  'backup.find': { project: string; store: string; ids: string[]; keys: Keys }
  /** Removes copies that no rule keeps. */
  'backup.prune': { project: string; store: string; ids: string[] }
  /** Ends a run: fails if anything on the way did, after everything else was done. */
  'backup.conclude': { project: string; ids: string[] }
  /** Archives what a server's log has come to, so that a restore can bring that moment back. */
  'wal.archive': { project: string; dataset: string }
  /** Restores beside the live data and compares all of it. `to`: the moment, if another than the copy's own is meant. */
  'restore.load': Restored & { from: string; keys?: Keys; to?: Moment }
  /** Puts what was restored in the live data's place, and that aside. */
  'restore.swap': Restored & { aside: string }
  /** Puts back what a restore has put aside. */
  'restore.back': { project: string; aside: string }
  /** Removes what a restore has put aside. */
  'restore.discard': { project: string; aside: string }
  /** Asks the live data whether it is as the user expects. */
  'data.expect': { project: string; datasets: string[] }
  /** Makes roles, rights and extensions that a database lacks. `release`: which may be taken back. */
  'data.provision': {
    project: string
    wanted: ProvisionWanted
    release: number | null
    makeSchemas: boolean
  }
  /** Gives roles the passwords of release `to`. `release`: for which other; null if later ones are taken back. */
  'data.passwords-back': { project: string; to: number; release: number | null }
}
