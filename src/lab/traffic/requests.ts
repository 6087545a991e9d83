import { randomBytes } from 'node:crypto'
import { type Answer, type Asked, NoAnswer, openHttp1 } from './http1.ts'
import { openHttp2 } from './http2.ts'
import type { RequestKind, TrafficOptions } from './model.ts'
import type { Tally } from './tally.ts'
import type { Target } from './target.ts'

/** An HTTP/2 request may meet several connections in a row that are about to end. */
const refusedAttemptsMax = 5
const bodySizes = [0, 17, 1_000, 16_000]

/** Sends single requests of every kind and records how each ended. */
export const openRequests = (options: TrafficOptions, target: Target, tally: Tally) => {
  const http1 = openHttp1(target)
  const http2 = openHttp2(target)
  const bodies = bodySizes.map((size) => randomBytes(size))
  const inFlight = new Set<Promise<void>>()

  const ask = (kind: RequestKind, asked: Asked) =>
    kind.endsWith('-http2') ? http2.ask(asked) : http1.ask(asked, kind.endsWith('-reused'))

  const askPatiently = async (kind: RequestKind, asked: Asked): Promise<Answer> => {
    let idleResets = 0
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask(kind, asked)
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        const idle = error.idleReset && !asked.body && idleResets === 0
        const refused = error.refused && attempt < refusedAttemptsMax
        if (!idle && !refused) throw error
        if (idle) tally.counts.idleResets += ++idleResets
        else tally.counts.refusedStreams++
      }
    }
  }

  const send = async (kind: RequestKind, body: Buffer | null) => {
    const path = kind.startsWith('slow-')
      ? options.paths.slow
      : body
        ? options.paths.echo
        : options.paths.get
    const startedAt = performance.now()
    tally.sent(kind)
    try {
      const answer = await askPatiently(kind, { path, body, limitMs: options.limitMs })
      const wrong = faultOf(answer, body)
      if (wrong) tally.failed(kind, wrong)
      else tally.ok(kind, answer.release, performance.now() - startedAt)
    } catch (error) {
      tally.failed(kind, error instanceof Error ? error.message : String(error))
    }
  }

  let turn = 0
  return {
    inFlight,
    /** Begins a request and returns at once; the promise is for those who keep some in flight. */
    begin: (kind: RequestKind): Promise<void> => {
      const body = kind.startsWith('post-') ? bodies[turn++ % bodies.length]! : null
      const ended = send(kind, body).finally(() => inFlight.delete(ended))
      inFlight.add(ended)
      return ended
    },
    close: () => {
      http1.close()
      http2.close()
    },
  }
}

const faultOf = (answer: Answer, body: Buffer | null): string | null => {
  if (answer.status !== 200) return `status ${answer.status}`
  if (body && !answer.body.equals(body)) return 'the echo differs from what was sent'
  if (!body && answer.body.length === 0) return 'an empty answer'
  return null
}
