import { streamLines } from '../../io/host/files/lines.ts'
import type { Wire } from '../../io/wire/wire.ts'
import { Problem } from '../../problem/problem.ts'
import { isNewestFirst, journalArguments, parseEntry } from './journal.ts'
import { type LogLine, logLines, type LogQuery } from './methods.ts'

/** Reads the journal and sends its lines; the caller's going away ends it. */
export const sendLogs = async (
  wire: Pick<Wire, 'send' | 'onClose'>,
  query: LogQuery,
  signal: AbortSignal,
) => {
  const gone = new AbortController()
  wire.onClose(() => gone.abort())
  let count = 0
  const turned = isNewestFirst(query) ? reversed() : null
  const { code, stderr } = await streamLines(
    'journalctl',
    journalArguments(query),
    async (lines) => {
      const parsed = lines.map(parseEntry).filter((line) => line !== null)
      count += parsed.length
      if (turned) turned.add(parsed, () => gone.abort())
      else if (parsed.length > 0) await wire.send(logLines, parsed)
    },
    AbortSignal.any([signal, gone.signal]),
  )
  // journalctl exits 1 when --grep found nothing, which is an answer.
  if (code !== 0 && stderr.trim()) throw unreadable(stderr)
  if (turned?.isFull()) throw tooMuch()
  for (const lines of turned?.batches() ?? []) await wire.send(logLines, lines)
  return { count }
}

/** Most that is held to be put in order; so much is looked at by no person. */
const heldBytesMax = 64 * 1024 * 1024
/** What a line takes beside its text: the line itself and its four short texts. Three million short ones took 700 MB. */
const besideTextBytes = 250
const batchMax = 500

/** Lines that come newest first, in the order in which they were printed. */
const reversed = () => {
  const held: LogLine[] = []
  let bytes = 0
  return {
    add: (lines: LogLine[], stop: () => void) => {
      for (const line of lines) bytes += line.text.length + besideTextBytes
      if (bytes > heldBytesMax) stop()
      else held.push(...lines)
    },
    isFull: () => bytes > heldBytesMax,
    *batches() {
      while (held.length > 0) yield held.splice(-batchMax).toReversed()
    },
  }
}

const tooMuch = () =>
  new Problem({
    code: 'logs/too-much',
    summary: 'These lines are too many to be put in order.',
    detail: `What matches --grep takes more than ${heldBytesMax / 1024 / 1024} MiB of the server's memory.`,
    fix: ['--lines 10000', '--since 1h'],
  })

const unreadable = (stderr: string) =>
  new Problem({
    code: 'logs/unreadable',
    summary: 'The server’s journal could not be read.',
    detail: stderr.trim().split('\n').at(-1) ?? '',
    fix: ['Check the pattern of --grep.'],
  })
