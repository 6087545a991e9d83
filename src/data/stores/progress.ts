import type { OnBytes } from '../../io/disk.ts'
import type { Pace } from '../../io/pace.ts'

const steps = 20

/** Counts bytes and tells every twentieth part of the way: "sent 112 of 441 MB". Small files are quick enough. */
export const progressOf = (
  verb: string,
  total: number,
  note: (text: string) => void,
  from = 0,
): ((bytes: number) => void) => {
  const quiet = total < quietBytes
  let done = from
  let told = Math.floor((from * steps) / Math.max(1, total))
  return (bytes) => {
    done += bytes
    const now = Math.floor((done * steps) / Math.max(1, total))
    if (quiet || now <= told) return
    told = now
    note(`${verb} ${megabytes(done)} of ${megabytes(total)} MB`)
  }
}

const quietBytes = 16 * 1024 * 1024

const megabytes = (bytes: number) => Math.round(bytes / 1_000_000)

/** Tells, and holds the transfer to a pace. */
export const paced =
  (tell: (bytes: number) => void, pace: Pace, signal: AbortSignal): OnBytes =>
  (bytes, passed) => {
    tell(bytes)
    return passed ? undefined : pace(bytes, signal)
  }
