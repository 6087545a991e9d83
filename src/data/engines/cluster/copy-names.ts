/** The one file of a copy: what `pg_basebackup` writes as a tar, compressed. */
export const baseName = 'base.tar.zst'

/** The last file in it, PostgreSQL's own manifest. */
export const manifestName = 'backup_manifest'
