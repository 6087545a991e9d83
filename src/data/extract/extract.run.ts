import type { Engine } from '../../io/engine/engine.ts'
import { bytesOf, partsOf } from '../../io/host/files/parts.ts'
import { sendFlow } from '../../io/wire/flow.ts'
import type { Wire } from '../../io/wire/wire.ts'
import { backupNamed, openCopy } from '../backup/copy.run.ts'
import { engineFor } from '../engines/table.run.ts'
import { type Extracted, wholeOnly } from './extraction.ts'
import { withData } from '../lock.run.ts'
import { extractFlow, extractNote, type ExtractParams, type ExtractResult } from '../methods.ts'
import { readingContext } from './reading.run.ts'
import { withWork } from '../work.run.ts'

/** As long as a restore may take. */
const limitMs = 6 * 3_600_000

/**
 * Takes a part of a backup out and sends it. Not one byte goes before all of the copy is as it was written and
 * what was restored of it is as its manifest says. The caller's going away ends it.
 */
export const extract = async (
  engine: Engine,
  wire: Pick<Wire, 'send' | 'tell' | 'onNotice' | 'onClose'>,
  { project, from, keys, ...wanted }: ExtractParams,
  asked: AbortSignal,
): Promise<ExtractResult> => {
  const gone = new AbortController()
  wire.onClose(() => gone.abort())
  const signal = AbortSignal.any([asked, gone.signal, AbortSignal.timeout(limitMs)])
  const note = (text: string) => wire.tell(extractNote, { text })
  const context = readingContext(engine, signal, note)
  const backup = await backupNamed(project, wanted.id)
  return withData(project, context, () =>
    withWork(project, context, async (data, room) => {
      note(`fetching the copy from ${from}`)
      const { manifest } = await openCopy(backup, { from, keys }, data, room)
      const { contents } = manifest
      const take = engineFor(contents.kind).extract
      if (!take) throw wholeOnly(contents.kind, wanted.id)
      const extracted = await take(contents, wanted, data)
      wire.tell(extractNote, { bytes: await sizeOf(extracted) })
      const sent = await sendFlow(wire, extractFlow, piecesOf(extracted), signal)
      return { ...sent, holds: extracted.holds }
    }),
  )
}

const sizeOf = async ({ file, before, after }: Extracted): Promise<number> =>
  (await bytesOf(file)) + Buffer.byteLength(before) + Buffer.byteLength(after)

const piecesOf = async function* ({ file, before, after }: Extracted): AsyncGenerator<Buffer> {
  if (before !== '') yield Buffer.from(before)
  yield* partsOf(file)
  if (after !== '') yield Buffer.from(after)
}
