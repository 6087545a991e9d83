import type { Log } from './model.ts'
import { segmentName, segmentOf } from './segments.ts'

/**
 * What a store lacks of a log, in order, of what the server's own store still has (`local`). What was removed there
 * before no base backup needs any more, so a store that comes late begins after it. `gone`: the first segment that is
 * missing between those, or at the end; what follows it could not be brought back.
 */
export const lackingOf = (
  { first, last, timeline, segmentBytes }: Log,
  sent: string | null,
  local: string[],
): { lacking: string[]; gone: string | null } => {
  if (last === null) return { lacking: [], gone: null }
  const numberOf = (name: string) => segmentOf(name, segmentBytes)!.number
  const there = new Set(local)
  const [from, to] = [sent === null ? numberOf(first) : numberOf(sent) + 1n, numberOf(last)]
  const lacking: string[] = []
  for (let number = from; number <= to; number++) {
    const name = segmentName({ timeline, number }, segmentBytes)
    if (there.has(name)) lacking.push(name)
    else if (lacking.length > 0 || number === to) return { lacking, gone: name }
  }
  return { lacking, gone: null }
}
