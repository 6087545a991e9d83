import { numberAt, segmentOf } from './segments.ts'

const longHeader = 0x0002

/**
 * What is wrong with the first bytes of a segment, or null: a recycled file has the name of a segment before it has
 * its content. Source: `XLogPageHeaderData` of PostgreSQL's xlog_internal.h; a server writes in its machine's own
 * byte order, which is little-endian wherever Zarpe runs.
 */
export const headerProblem = (head: Buffer, name: string, segmentBytes: number): string | null => {
  const segment = segmentOf(name, segmentBytes)
  if (!segment) return 'its name is that of no segment'
  if (head.length < 16 || (head.readUInt16LE(0) & 0xff00) !== 0xd100)
    return 'it does not begin as a log does'
  if ((head.readUInt16LE(2) & longHeader) === 0) return 'it does not begin as a segment does'
  if (head.readUInt32LE(4) > segment.timeline) return 'it is of another timeline'
  return numberAt(head.readBigUInt64LE(8), segmentBytes) === segment.number
    ? null
    : 'it is another segment'
}
