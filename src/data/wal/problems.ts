import { messageOf, Problem, problemsOf } from '../../problem/problem.ts'
import type { ClusterDataset } from '../model.ts'
import { everyS } from './model.ts'

/** A server whose every moment cannot be brought back, and why. */
export const notFitting = ({ of, service }: ClusterDataset, why: string) =>
  new Problem({
    code: 'data/no-point-in-time',
    summary: 'This PostgreSQL cannot be brought back to any moment.',
    detail: `"${service}": ${why}.`,
    fix: [
      `Change that, or take \`point_in_time\` of \`databases.${of}\` out of zarpe.yml, then: zarpe deploy`,
    ],
  })

/** Something of the log is gone: what comes after it cannot be brought back by what was before. */
export const gap = (detail: string) =>
  new Problem({
    code: 'data/log-gap',
    summary: 'A part of the write-ahead log is missing.',
    detail,
    fix: ['zarpe backup list', 'zarpe backup restore    # to the moment of a backup'],
  })

/** A copy comes to a store before the log that makes it whole does: that says nothing of the copy. */
export const notSentYet = (store: string, segment: string) =>
  new Problem({
    code: 'data/log-not-sent',
    summary: 'A store does not have the log yet that makes a base backup whole.',
    detail: `${store} lacks ${segment} of it. The log is sent every ${everyS} s, and later where a store was away.`,
    fix: ['zarpe backup list    # how far each store has come'],
  })

/** A file of the log is not what the server wrote. */
export const badSegment = (name: string, where: string, why: string) =>
  new Problem({
    code: 'data/damaged',
    summary: 'A part of the write-ahead log is damaged.',
    detail: `${name} ${where}: ${why}.`,
    fix: ['zarpe backup list    # other stores may have a whole copy: restore --from <store>'],
  })

/** The moment cannot be had. */
export const notArchived = (detail: string, fix: string[]) =>
  new Problem({
    code: 'data/not-archived',
    summary: 'This moment cannot be brought back.',
    detail,
    fix,
  })

export const logOfAnother = 'data/log-of-another'

/** A twin of this machine writes, or has written, the history that this one takes for its own. */
export const takenByAnother = (store: string) =>
  new Problem({
    code: logOfAnother,
    summary: 'Another server has written the log of this one.',
    detail: `${store} has a part of it with other content: this machine was copied, or put back to an earlier state. It begins a history of its own.`,
    fix: ['zarpe backup list', 'Give a copied machine an environment of its own.'],
  })

/** What went wrong, as one line that is kept of it. */
export const saidOf = (error: unknown): string => {
  const [problem] = problemsOf(error)
  return problem ? `${problem.summary} ${problem.detail}` : messageOf(error)
}
