/** What a migration tool has written into a database about what it has applied. */
export type AppliedMigration = {
  tool: string
  /** Its newest migrations: one, or one for each branch or part that has its own. */
  newest: { name: string; at: string | null }[]
  /** Migrations that were begun and did not end well. */
  failed: string[]
}

/** The migrations of a dataset; none if no convention fits, or it did not answer in time. */
export type DatasetMigrations = { dataset: string; applied: AppliedMigration[] }
