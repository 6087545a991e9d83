import { defineMethod, defineNotice } from '../../io/wire/method.ts'

export type LogQuery = {
  project: string
  service: string | null
  release: number | null
  /** Not older than this, in milliseconds since the epoch. */
  sinceMs: number | null
  /** Only lines that match this regular expression (PCRE, as `journalctl --grep`). */
  grep: string | null
  lines: number
  follow: boolean
}

export type LogLine = {
  at: string
  service: string
  release: string
  /** The first characters of the container's id, which tell two tasks apart. */
  container: string
  text: string
}

/** Reads a project's lines from the server's journal; they come as `logLines`. Ends by itself unless it follows. */
export const readLogs = defineMethod<LogQuery, { count: number }>('logs.read')

export const logLines = defineNotice<LogLine[]>('logs.lines')
