import type { ClusterContents } from '../held.ts'
import { nameOfSegmentFile } from './names.ts'
import { numberAt, parseLsn, segmentName } from './segments.ts'

/** What tells which part of the log a base backup needs. */
export type Base = Pick<ClusterContents, 'history' | 'timeline' | 'startLsn' | 'segmentBytes'>

/** The first segment that a base backup needs. */
export const firstNeeded = ({ timeline, startLsn, segmentBytes }: Omit<Base, 'history'>): string =>
  segmentName({ timeline, number: numberAt(parseLsn(startLsn) ?? 0n, segmentBytes) }, segmentBytes)

/** The last segment without which a base backup is not whole. */
export const lastNeeded = ({
  timeline,
  stopLsn,
  segmentBytes,
}: Pick<ClusterContents, 'timeline' | 'stopLsn' | 'segmentBytes'>): string => {
  // The position is the one after the last byte.
  const last = (parseLsn(stopLsn) ?? 1n) - 1n
  return segmentName({ timeline, number: numberAt(last, segmentBytes) }, segmentBytes)
}

/**
 * Files of a store's archives that none of the base backups there needs: those before the first one's of their history, and
 * those of `ended`, histories of this server that go on no more, that have none left. Another server may have only begun
 * its own.
 */
export const spentFiles = (files: string[], bases: Base[], ended: string[]): string[] =>
  files.filter((file) => {
    const segment = nameOfSegmentFile(file)
    // wal/<project>/<dataset>/<history>/<folder>/<file>
    const history = file.split('/').at(-3)
    if (segment === null || history === undefined) return false
    const own = bases.filter((base) => base.history === history)
    if (own.length === 0) return ended.includes(history)
    return own.every((base) => segment < firstNeeded(base))
  })
