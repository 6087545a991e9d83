import { Problem } from '../../../problem/problem.ts'

/** `server_version_num` of the first server that digests rows; before it there is no `hash_record_extended`. */
export const oldestVersion = 140_000

/** Refuses a server whose rows could not be compared with those that come back. */
export const refuseOlder = (dataset: string, version: number) => {
  if (version >= oldestVersion) return
  throw new Problem({
    code: 'data/too-old',
    summary: 'A database is of a version that backups are not made of.',
    detail: `The server of "${dataset}" is PostgreSQL ${Math.floor(version / 10_000)}. Before 14 there is nothing to digest rows by, and no backup of it could be proven.`,
    fix: ['Bring it to PostgreSQL 14 or newer.'],
  })
}
