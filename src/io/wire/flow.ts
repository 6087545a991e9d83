import { createHash } from 'node:crypto'
import { defineNotice, type Notice } from './method.ts'
import type { Wire } from './wire.ts'

/** Bytes that one end sends to the other while a call is under way, however many there are. */
export type Flow = { part: Notice<{ data: string }>; taken: Notice<{ bytes: number }> }

export const defineFlow = (name: string): Flow => ({
  part: defineNotice(`${name}.part`),
  taken: defineNotice(`${name}.taken`),
})

/** How far the sender may be ahead of what the other end has put away. */
const windowBytes = 8 * 1024 * 1024

/**
 * Sends parts one after the other, never further ahead of the taker than a window, so that neither end piles
 * them up. Answers what was sent; throws the reason of `signal` when that ends first.
 */
export const sendFlow = async (
  wire: Pick<Wire, 'send' | 'onNotice'>,
  flow: Flow,
  parts: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<{ bytes: number; sha256: string }> => {
  const hash = createHash('sha256')
  let [bytes, arrived] = [0, 0]
  let wake: () => void = () => undefined
  wire.onNotice(flow.taken, (taken) => {
    arrived = taken.bytes
    wake()
  })
  const isAhead = () => bytes - arrived > windowBytes && !signal.aborted
  const onAbort = () => wake()
  signal.addEventListener('abort', onAbort)
  try {
    for await (const part of parts) {
      signal.throwIfAborted()
      hash.update(part)
      bytes += part.length
      await wire.send(flow.part, { data: part.toString('base64') })
      while (isAhead())
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
    signal.throwIfAborted()
    return { bytes, sha256: hash.digest('hex') }
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** Takes what `sendFlow` sends. `take` has put a part away when it returns. */
export const takeFlow = (
  wire: Pick<Wire, 'tell' | 'onNotice'>,
  flow: Flow,
  take: (part: Buffer) => void,
) => {
  let bytes = 0
  wire.onNotice(flow.part, ({ data }) => {
    const part = Buffer.from(data, 'base64')
    take(part)
    bytes += part.length
    wire.tell(flow.taken, { bytes })
  })
}
