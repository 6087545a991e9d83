import { type Archive, type Log, logOf } from './model.ts'

const pastMax = 50

/**
 * What is known of an archive, for the log that a server writes now: nothing changes if it is the one of before; one that
 * ended and goes on, as after an undo, is taken up where it was; any other begins. `since`: when the server began to serve.
 */
export const resumed = (
  known: Archive | null,
  { dataset, log, at, since }: { dataset: string; log: Log; at: string; since: string },
): Archive => {
  if (known && goesOn(known, log)) return known
  const former = known ? [...known.past, logOf(known)] : []
  const again = former.find((each) => goesOn(each, log))
  return {
    ...(again ? backTo(again, former, since) : { ...log, since }),
    dataset,
    snapshot: null,
    past: former.filter(({ history }) => history !== log.history).slice(-pastMax),
    beganAt: at,
    triedAt: at,
    problem: null,
    asked: { times: 0, at: null },
    prunedAt: null,
  }
}

/** Those moments are of the histories that were live meanwhile, from the beginning of the first of them on. */
const backTo = (log: Log, former: Log[], until: string): Log => {
  const between = former.slice(former.indexOf(log) + 1).flatMap((each) => each.since ?? [])
  const from = between.toSorted()[0] ?? log.through
  return from === null ? log : { ...log, away: [...(log.away ?? []), { from, until }] }
}

/** Whether what a server writes is the log that is known. */
export const goesOn = (known: Log, written: Written): boolean =>
  known.history === written.history &&
  known.timeline === written.timeline &&
  known.segmentBytes === written.segmentBytes &&
  known.sealedFor === written.sealedFor

export type Written = Pick<Log, 'history' | 'timeline' | 'segmentBytes' | 'sealedFor'>
