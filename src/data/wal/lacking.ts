import type { Log } from './model.ts'
import { segmentName, segmentOf } from './segments.ts'

/** `needed`: the first segment that a known base backup of the history needs; null where that may be any. */
type Known = { sent: string | null; local: string[]; needed: string | null }

/**
 * What a store lacks of a log that goes on, in order, of what the server's own store still has (`local`). What was removed
 * there before no base backup needs any more, so a store that comes late begins after it. `gone`: the first other segment
 * that is missing; what follows it could not be brought back.
 */
export const lackingOf = (
  log: Log,
  { sent, local, needed }: Known,
): { lacking: string[]; gone: string | null } => {
  const there = new Set(local)
  const lacking: string[] = []
  for (const name of namesAfter(log, sent)) {
    const isSpent = lacking.length === 0 && needed !== null && name < needed
    if (there.has(name)) lacking.push(name)
    else if (!isSpent) return { lacking, gone: name }
  }
  return { lacking, gone: null }
}

/** The same of a log that has ended, of which nothing may be needed any more: whatever there is. */
export const leftOf = (log: Log, { sent, local }: Omit<Known, 'needed'>): string[] => {
  const there = new Set(local)
  return namesAfter(log, sent).filter((name) => there.has(name))
}

const namesAfter = (
  { first, last, timeline, segmentBytes }: Log,
  sent: string | null,
): string[] => {
  if (last === null) return []
  const numberOf = (name: string) => segmentOf(name, segmentBytes)!.number
  const [from, to] = [sent === null ? numberOf(first) : numberOf(sent) + 1n, numberOf(last)]
  const names: string[] = []
  for (let number = from; number <= to; number++)
    names.push(segmentName({ timeline, number }, segmentBytes))
  return names
}
