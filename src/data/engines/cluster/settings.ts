import type { Moment } from '../../engine.ts'
import { restoreCommand } from '../../wal/feed.run.ts'

/** Where a recovering server has its socket, log and rights; gone with its container. */
export const scratch = '/scratch'

/** Nobody reaches it but over its own socket, and it does nothing of its own. */
const alone = {
  listen_addresses: '',
  port: '5432',
  unix_socket_directories: scratch,
  hba_file: `${scratch}/hba`,
  ssl: 'off',
  logging_collector: 'off',
  log_destination: 'stderr',
  autovacuum: 'off',
  archive_mode: 'off',
  archive_cleanup_command: '',
  recovery_end_command: '',
  // What a library of the live server does by the clock, or a subscription, it would do here too.
  max_worker_processes: '0',
  max_logical_replication_workers: '0',
  lc_messages: 'C',
  // The live server's may be all that the machine has.
  shared_buffers: '128MB',
  huge_pages: 'off',
}

/** Whatever else the copy's own settings may say of another recovery. */
const nowhere = {
  recovery_target: '',
  recovery_target_lsn: '',
  recovery_target_name: '',
  recovery_target_time: '',
  recovery_target_xid: '',
  recovery_min_apply_delay: '0',
}

/** How long the log is followed: to the end of the copy itself, to a time, or as far as there is any. */
const until = (to: Moment | null): Partial<typeof nowhere> => {
  if (to === null) return { recovery_target: 'immediate' }
  // As the server reads it before it knows the names of time zones: "Z" is one.
  return to === 'latest' ? {} : { recovery_target_time: to.replace('T', ' ').replace('Z', '+00') }
}

/** What a server is told that recovers a copy. Without `isKept` nothing of it need be on disk at the end. */
export const recoverySettings = ({
  to,
  isKept,
  prepared,
}: {
  to: Moment | null
  isKept: boolean
  prepared: number
}): string[] =>
  Object.entries({
    ...alone,
    max_prepared_transactions: String(prepared),
    // Nobody reads meanwhile; then a smaller server than the live one will do.
    hot_standby: 'off',
    fsync: isKept ? 'on' : 'off',
    restore_command: restoreCommand,
    recovery_target_timeline: 'current',
    recovery_target_action: 'promote',
    // The one that is wanted comes last: only then are the others none.
    ...orderedLast(until(to)),
  }).map(([name, value]) => `-c ${name}='${value}'`)

const orderedLast = (wanted: Partial<typeof nowhere>) => {
  const others = Object.entries(nowhere).filter(([name]) => !Object.hasOwn(wanted, name))
  return { ...Object.fromEntries(others), ...wanted }
}
