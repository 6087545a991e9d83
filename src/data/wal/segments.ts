// Positions in the write-ahead log and the files that hold it, as PostgreSQL names them. Pure.
// Source: PostgreSQL's documentation, "WAL Internals", and its macros of xlog_internal.h.

/** A position in the log: a number of bytes since the cluster was made. */
export type Lsn = bigint

/** Reads `16/B374D848`; null if it is none. */
export const parseLsn = (text: string): Lsn | null => {
  const [, high, low] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(text) ?? []
  return high === undefined || low === undefined
    ? null
    : (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}

export const lsnText = (lsn: Lsn): string =>
  `${(lsn >> 32n).toString(16).toUpperCase()}/${(lsn & 0xffffffffn).toString(16).toUpperCase()}`

/** A file of the log: its place among those of its timeline. */
export type Segment = { timeline: number; number: bigint }

const perLog = (segmentBytes: number) => 0x1_0000_0000n / BigInt(segmentBytes)

const hex8 = (value: bigint | number) => value.toString(16).toUpperCase().padStart(8, '0')

/** `000000010000000000000003`: timeline, and two halves of the number. */
export const segmentName = ({ timeline, number }: Segment, segmentBytes: number): string =>
  hex8(timeline) + hex8(number / perLog(segmentBytes)) + hex8(number % perLog(segmentBytes))

/** The segment of a name; null for what is none, such as a `.partial` or a `.history`. */
export const segmentOf = (name: string, segmentBytes: number): Segment | null => {
  const [, timeline, log, low] = /^([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})$/.exec(name) ?? []
  if (timeline === undefined || log === undefined || low === undefined) return null
  const [high, rest] = [BigInt(`0x${log}`), BigInt(`0x${low}`)]
  if (rest >= perLog(segmentBytes)) return null
  return {
    timeline: Number.parseInt(timeline, 16),
    number: high * perLog(segmentBytes) + rest,
  }
}

/** The number of the segment that holds a position. */
export const numberAt = (lsn: Lsn, segmentBytes: number): bigint => lsn / BigInt(segmentBytes)

/** Where a segment begins. */
export const startOf = (number: bigint, segmentBytes: number): Lsn => number * BigInt(segmentBytes)

/**
 * The segments that are whole once the log is on disk up to `flushed`, from `first` on. The one in which the log goes on
 * is not among them.
 */
export const wholeSegments = (
  { timeline, first, flushed }: { timeline: number; first: bigint; flushed: Lsn },
  segmentBytes: number,
): Segment[] => {
  const found: Segment[] = []
  for (let number = first; number < numberAt(flushed, segmentBytes); number++)
    found.push({ timeline, number })
  return found
}
