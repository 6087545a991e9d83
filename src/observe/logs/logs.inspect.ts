import { streamLines } from '../../io/host/lines.ts'
import type { Wire } from '../../io/wire/wire.ts'
import { Problem } from '../../problem/problem.ts'
import { journalArguments, parseEntry } from './journal.ts'
import { logLines, type LogQuery } from './methods.ts'

/** Reads the journal and sends its lines; the caller's going away ends it. */
export const sendLogs = async (
  wire: Pick<Wire, 'send' | 'onClose'>,
  query: LogQuery,
  signal: AbortSignal,
) => {
  const gone = new AbortController()
  wire.onClose(() => gone.abort())
  let count = 0
  const { code, stderr } = await streamLines(
    'journalctl',
    journalArguments(query),
    async (lines) => {
      const parsed = lines.map(parseEntry).filter((line) => line !== null)
      count += parsed.length
      if (parsed.length > 0) await wire.send(logLines, parsed)
    },
    AbortSignal.any([signal, gone.signal]),
  )
  // journalctl exits 1 when --grep found nothing, which is an answer.
  if (code !== 0 && stderr.trim()) throw unreadable(stderr)
  return { count }
}

const unreadable = (stderr: string) =>
  new Problem({
    code: 'logs/unreadable',
    summary: 'The server’s journal could not be read.',
    detail: stderr.trim().split('\n').at(-1) ?? '',
    fix: ['Check the pattern of --grep.'],
  })
