import type { LogLine, LogQuery } from './methods.ts'

/** Most bytes of one line that are shown; a longer one is cut and says so. */
const lineBytesMax = 64 * 1024

/**
 * Arguments for journalctl. Docker's journald driver makes fields of a container's labels: dots
 * become underscores, letters capitals.
 */
export const journalArguments = (query: LogQuery): string[] => [
  '--output=json',
  // Without it, a field of 4 KiB or more is null: a long line would not be there at all.
  '--all',
  '--no-pager',
  '--quiet',
  `--lines=${query.lines}`,
  ...(query.follow ? ['--follow'] : []),
  ...(isNewestFirst(query) ? ['--reverse'] : []),
  ...(query.sinceMs === null ? [] : [`--since=@${Math.floor(query.sinceMs / 1000)}`]),
  ...(query.grep === null ? [] : [`--grep=${query.grep}`]),
  `ZARPE_PROJECT=${query.project}`,
  ...(query.service === null ? [] : [`ZARPE_SERVICE=${query.service}`]),
  ...(query.release === null ? [] : [`ZARPE_RELEASE=${query.release}`]),
]

/**
 * Whether lines come newest first: the last so many that match a pattern are found from the end, and recent versions of journalctl
 * print them so without being asked.
 */
export const isNewestFirst = ({ grep, follow }: LogQuery): boolean => grep !== null && !follow

type Entry = {
  __REALTIME_TIMESTAMP?: string
  /** Bytes that are not UTF-8 come as a list of numbers. */
  MESSAGE?: string | number[] | null
  ZARPE_SERVICE?: string
  ZARPE_RELEASE?: string
  CONTAINER_ID?: string
}

/** One line of `journalctl --output=json`; null when it holds no message. */
export const parseEntry = (line: string): LogLine | null => {
  const entry = parse(line)
  if (!entry || entry.MESSAGE === undefined || entry.MESSAGE === null) return null
  const text =
    typeof entry.MESSAGE === 'string' ? entry.MESSAGE : Buffer.from(entry.MESSAGE).toString('utf8')
  return {
    at: new Date(Number(entry.__REALTIME_TIMESTAMP ?? 0) / 1000).toISOString(),
    service: entry.ZARPE_SERVICE ?? '',
    release: entry.ZARPE_RELEASE ?? '',
    container: entry.CONTAINER_ID ?? '',
    text: text.length > lineBytesMax ? `${text.slice(0, lineBytesMax)} … [cut]` : text,
  }
}

const parse = (line: string): Entry | null => {
  try {
    return JSON.parse(line) as Entry
  } catch {
    // The last line of a journal that is being written may be half there.
    return null
  }
}
