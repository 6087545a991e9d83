/** What stands in a folder. Times are in milliseconds since the epoch, by the disk's own clock. */
export type DiskEntry = { name: string; is: 'file' | 'folder' | 'other'; bytes: number; at: number }

export type Reading = { bytes: number; sha256: string }

/**
 * How a transfer tells how far it is: bytes since it last did, or that were there already. It goes on when that is over.
 */
export type OnBytes = (bytes: number, passed?: 'were there') => void | Promise<void>

/**
 * A file system that a store is on, of this server or behind SFTP. Paths are relative to the store's
 * root; every failure is a `StoreFault`. Each act ends with the signal.
 */
export type Disk = {
  /** Makes sure that there is a root to write to. */
  ready: (signal: AbortSignal) => Promise<void>
  /** Null if there is nothing of that name. */
  stat: (path: string, signal: AbortSignal) => Promise<DiskEntry | null>
  /** What is in a folder; nothing if there is no folder. */
  entries: (folder: string, signal: AbortSignal) => Promise<DiskEntry[]>
  /** Makes a folder and those above it. */
  makeFolder: (path: string, signal: AbortSignal) => Promise<void>
  /** Nothing happens if there is no such file. */
  removeFile: (path: string, signal: AbortSignal) => Promise<void>
  /** Whether it was removed; a folder that holds something is not. */
  removeFolder: (path: string, signal: AbortSignal) => Promise<boolean>
  /** Gives a file another name at once, in place of what has it, and flushes that where it can. */
  rename: (from: string, to: string, signal: AbortSignal) => Promise<void>
  /** Bytes that can still be written, or null if the disk does not say. */
  free: (signal: AbortSignal) => Promise<number | null>
  /**
   * Appends to what `path` has, or begins it, until it is the local file; flushed where the disk can.
   * `from` is how many bytes of it are there already.
   */
  send: (
    file: string,
    path: string,
    part: { from: number; bytes: number },
    onBytes: OnBytes,
    signal: AbortSignal,
  ) => Promise<void>
  /** Reads a file whole, without keeping it. */
  read: (path: string, onBytes: OnBytes, signal: AbortSignal) => Promise<Reading>
  /** Reads a file whole into a local one, which must not exist yet; nothing is left of one that fails. */
  fetch: (path: string, file: string, onBytes: OnBytes, signal: AbortSignal) => Promise<Reading>
  /** How far from its end a file that was cut off may have holes. */
  looseTailBytes: number
  close: () => Promise<void>
}
