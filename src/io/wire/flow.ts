import { createHash } from 'node:crypto'
import { Problem } from '../../problem/problem.ts'
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

/** A laptop that sleeps, or a program that reads no further, must not keep the server at its work. */
const stillLimitMs = 15 * 60_000

/**
 * Sends parts one after the other, never further ahead of the taker than a window, so that neither end piles
 * them up. Answers what was sent; throws the reason of `signal` when that ends first, and `wire/not-taken` when the
 * other end has taken nothing for so long.
 */
export const sendFlow = async (
  wire: Pick<Wire, 'send' | 'onNotice'>,
  flow: Flow,
  parts: AsyncIterable<Buffer>,
  signal: AbortSignal,
  limitMs = stillLimitMs,
): Promise<{ bytes: number; sha256: string }> => {
  const hash = createHash('sha256')
  let [bytes, arrived] = [0, 0]
  const isAhead = () => bytes - arrived > windowBytes
  const still = watchStill(signal, limitMs)
  let wake: () => void = () => undefined
  wire.onNotice(flow.taken, (taken) => {
    arrived = taken.bytes
    still.moved()
    wake()
  })
  try {
    for await (const part of parts) {
      signal.throwIfAborted()
      hash.update(part)
      bytes += part.length
      await still.orEnd(wire.send(flow.part, { data: part.toString('base64') }))
      while (isAhead())
        await still.orEnd(
          new Promise<void>((resolve) => {
            wake = resolve
          }),
        )
    }
    signal.throwIfAborted()
    return { bytes, sha256: hash.digest('hex') }
  } finally {
    still.stop()
  }
}

/** `orEnd` waits, but no longer than until `signal` ends or nothing has moved for so long. */
const watchStill = (signal: AbortSignal, limitMs: number) => {
  // Of the one wait that there is: a promise that all of them shared would keep each of them.
  let end: (reason: unknown) => void = () => undefined
  let over: { reason: unknown } | null = signal.aborted ? { reason: signal.reason } : null
  const endWith = (reason: unknown) => {
    over ??= { reason }
    end(over.reason)
  }
  const onAbort = () => endWith(signal.reason)
  const tooLong = () => endWith(notTaken(limitMs))
  let timer: NodeJS.Timeout | null = setTimeout(tooLong, limitMs)
  signal.addEventListener('abort', onAbort)
  return {
    orEnd: (wait: Promise<void>) =>
      new Promise<void>((resolve, reject) => {
        end = reject
        wait.then(resolve, reject)
        if (over) reject(over.reason)
      }),
    // What was sent last is taken after the flow has ended.
    moved: () => void timer?.refresh(),
    stop: () => {
      if (timer) clearTimeout(timer)
      timer = null
      signal.removeEventListener('abort', onAbort)
    },
  }
}

const notTaken = (limitMs: number) =>
  new Problem({
    code: 'wire/not-taken',
    summary: 'What the server sends is not taken.',
    detail: `For ${limitMs / 60_000} min the other end has taken nothing; the server has stopped sending.`,
    fix: ['Run the same command again.'],
  })

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
