import { Problem } from '../../../problem/problem.ts'
import type { Moment } from '../../engine.ts'
import { notArchived } from '../../wal/problems.ts'

const gb = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`

/** Says nothing of the copy: it is not judged by it. */
export const noRoom = (where: string, needed: number, free: number) =>
  new Problem({
    code: 'data/no-room',
    summary: 'There is no room to recover a base backup.',
    detail: `${where} has ${gb(free)} free; ${gb(needed)} are needed.`,
    fix: ['df -h', 'zarpe backup asides    # what restores have put aside', 'zarpe backup prune'],
  })

export const notUnpacked = (said: string[]) =>
  new Problem({
    code: 'data/program-failed',
    summary: 'A base backup could not be unpacked.',
    detail: '`tar` failed, or what it unpacked is no data folder.',
    fix: ['zarpe backup list    # choose another one'],
    evidence: said.slice(0, 12),
  })

export const endsBefore = (to: Moment | null) =>
  notArchived(
    `The log that leads on from the newest base backup before ${to} ends before that moment.`,
    [
      'zarpe backup list',
      'zarpe backup restore --to <an earlier time>',
      'zarpe backup restore <base backup> --to latest    # as far as its log goes',
    ],
  )

export const notRecovered = (said: string[]) =>
  new Problem({
    code: 'data/not-recovered',
    summary: 'A base backup could not be brought to the moment that was wanted.',
    detail: 'The server that was to follow the log ended; the live data was not touched.',
    fix: ['zarpe backup list    # choose another base backup'],
    evidence: said,
  })

/** The service has another version by now, or keeps its data elsewhere in the volume. */
export const otherServer = (service: string, what: string) =>
  new Problem({
    code: 'data/other-server',
    summary: 'The base backup is of another server than the app has now.',
    detail: `"${service}": ${what}. A data folder is of one version, in one place.`,
    fix: [
      'zarpe rollback    # to a release with the former image, then restore again',
      'zarpe backup restore    # a dump, which any version reads',
    ],
  })
