import type { ServiceSource } from '../model.ts'

/** What a database of the app must have beside its data. Holds secrets: it is asked and told, never kept. */
export type ProvisionWanted = {
  /** The dataset, as `zarpe.yml` calls it. */
  dataset: string
  source: ServiceSource
  extensions: string[]
  /** The role that owns the database; null for whoever does. */
  owner: string | null
  roles: RoleWanted[]
}

export type RoleWanted = {
  name: string
  password: string
  /** Schemas whose tables it may read, or also change; those that come later too. */
  read: string[]
  write: string[]
}

/** How a database differs from what is wanted of it, in words that hold no secret; null if it could not be asked. */
export type ProvisionSeen = { dataset: string; missing: string[] | null }

/** A role whose password a release has replaced; whoever goes back before that release needs the former one. */
export type ReplacedPassword = { dataset: string; role: string; release: number }
