/** From where to where a copy needs the log. */
export type LogRange = { start: string; stop: string }

const lsn = '([0-9A-F]+/[0-9A-F]+)'

/** What the end of a base backup's manifest says of the log; null if it is none, or of a server that changed timelines. */
export const logRange = (tail: string): LogRange | null => {
  const ranges = /"WAL-Ranges": \[\s*([^\]]*)\]/.exec(tail)?.[1]
  if (ranges === undefined) return null
  const found = [...ranges.matchAll(new RegExp(`"Start-LSN": "${lsn}", "End-LSN": "${lsn}"`, 'g'))]
  const [only] = found
  return only && found.length === 1 ? { start: only[1]!, stop: only[2]! } : null
}
