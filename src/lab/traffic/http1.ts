import { Agent as PlainAgent, request as plainRequest, type IncomingMessage } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import type { Target } from './target.ts'

/** One request; `body` makes it a POST. */
export type Asked = { path: string; body: Buffer | null; limitMs: number }

/** A whole answer. */
export type Answer = { status: number; release: string | undefined; body: Buffer }

/** A request that had no whole answer. */
export class NoAnswer extends Error {
  /** The server closed a kept connection before it sent a byte of an answer. */
  readonly idleReset: boolean
  /** HTTP/2: the server says that it has not begun on it. */
  readonly refused: boolean

  constructor(text: string, facts: { idleReset?: boolean; refused?: boolean } = {}) {
    super(text)
    this.idleReset = facts.idleReset ?? false
    this.refused = facts.refused ?? false
  }
}

/** Kept connections that may wait for the next request. */
const idleConnectionsMax = 48

/** Opens HTTP/1.1 doors to the target: one that keeps its connections, one that never does. */
export const openHttp1 = (target: Target) => {
  const Agent = target.secure ? SecureAgent : PlainAgent
  // First in, first out: every kept connection is used in turn, so none is spared a close.
  const kept = new Agent({
    keepAlive: true,
    maxFreeSockets: idleConnectionsMax,
    scheduling: 'fifo',
  })
  const fresh = new Agent({ keepAlive: false })
  return {
    ask: (asked: Asked, reuse: boolean) => ask(target, asked, reuse ? kept : fresh),
    close: () => {
      kept.destroy()
      fresh.destroy()
    },
  }
}

const ask = (target: Target, asked: Asked, agent: PlainAgent | SecureAgent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = (target.secure ? secureRequest : plainRequest)({
      host: target.address,
      port: target.port,
      path: asked.path,
      method: asked.body ? 'POST' : 'GET',
      agent,
      headers: {
        host: target.authority,
        ...(asked.body
          ? {
              'content-type': 'application/octet-stream',
              'content-length': String(asked.body.length),
            }
          : {}),
      },
      ...(target.secure ? { servername: target.name, ca: target.ca } : {}),
    })
    let answered = false
    const timer = setTimeout(
      () => sent.destroy(new NoAnswer(`no answer within ${asked.limitMs / 1000} s`)),
      asked.limitMs,
    )
    sent.on('response', (response) => {
      answered = true
      collect(response).then(resolve, reject)
    })
    sent.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error instanceof NoAnswer
          ? error
          : new NoAnswer(`${error.code ?? error.message}${sent.reusedSocket ? ' (reused)' : ''}`, {
              idleReset: sent.reusedSocket && !answered && isReset(error),
            }),
      ),
    )
    sent.on('close', () => clearTimeout(timer))
    sent.end(asked.body ?? undefined)
  })

const collect = async (response: IncomingMessage): Promise<Answer> => {
  const parts: Buffer[] = []
  try {
    for await (const part of response) parts.push(part as Buffer)
  } catch (error) {
    throw new NoAnswer(
      `cut in the answer: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    )
  }
  return {
    status: response.statusCode ?? 0,
    release: releaseOf(response.headers['x-release']),
    body: Buffer.concat(parts),
  }
}

/** The release that answered, as the example app says it. */
export const releaseOf = (header: unknown) => (typeof header === 'string' ? header : undefined)

const isReset = (error: NodeJS.ErrnoException) =>
  error.code === 'ECONNRESET' || error.code === 'EPIPE'
