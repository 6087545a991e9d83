import { within } from '../io/host/files/durable.ts'

// Where a server keeps what it must never lose, and where it works on it.

/**
 * The store on the server itself: copies in the folders that every store has. Not with Zarpe's own state,
 * which `uninstall` removes.
 */
export const localFolder = '/var/backups/zarpe'

/** Emptied by whoever works there next; on the same disk, so that a copy is published by a rename. */
export const workFolder = (project: string) => within(localFolder, '.work', project)
