import type { Readable, Writable } from 'node:stream'
import {
  type CancellationToken,
  CancellationTokenSource,
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node'
import { Problem, type ProblemData, Problems, problemsOf } from '../../problem/problem.ts'
import { orLost } from './lost.ts'
import type { Method, Notice } from './method.ts'

/** JSON-RPC error code under which a `Problem` crosses the wire whole. */
const problemCode = 1

/** One end of a connection between the laptop and the agent. Both ends can call and be called. */
export type Wire = {
  call: <Params, Result>(
    method: Method<Params, Result>,
    params: Params,
    signal?: AbortSignal,
  ) => Promise<Result>
  answer: <Params, Result>(
    method: Method<Params, Result>,
    handler: (params: Params, signal: AbortSignal) => Promise<Result>,
  ) => void
  /** Best effort: a peer that is gone misses it. */
  tell: <Params>(notice: Notice<Params>, params: Params) => void
  /** As `tell`, and resolves when it was handed to the stream: the way to send much without piling it up. */
  send: <Params>(notice: Notice<Params>, params: Params) => Promise<void>
  onNotice: <Params>(notice: Notice<Params>, handler: (params: Params) => void) => void
  onClose: (handler: () => void) => void
  listen: () => void
  close: () => void
  /** How many requests were sent: each is one round trip. */
  exchanges: () => number
}

/** Speaks JSON-RPC (`Content-Length` frames, as the Language Server Protocol has them) on a pair of streams. */
export const openWire = (input: Readable, output: Writable): Wire => {
  const connection = createMessageConnection(
    new StreamMessageReader(input),
    new StreamMessageWriter(output),
  )
  let closed = false
  let sent = 0
  const closeHandlers: (() => void)[] = []
  const closing = () => {
    if (closed) return
    closed = true
    for (const handler of closeHandlers) handler()
  }
  connection.onClose(() => {
    closing()
    // Whoever still waits for an answer is told that none comes.
    connection.dispose()
  })
  connection.onError(() => undefined)

  return {
    call: (method, params, signal) => {
      sent += 1
      return callOver(connection, method, params, signal)
    },
    answer: (method, handler) => answerOver(connection, method, handler),
    tell: (notice, params) => {
      if (!closed) connection.sendNotification(notice.name, params).catch(() => undefined)
    },
    send: async (notice, params) => {
      if (!closed) await connection.sendNotification(notice.name, params)
    },
    onNotice: (notice, handler) => connection.onNotification(notice.name, handler),
    onClose: (handler) => closeHandlers.push(handler),
    listen: () => connection.listen(),
    close: () => {
      if (closed) return
      closing()
      connection.dispose()
    },
    exchanges: () => sent,
  }
}

const callOver = async <Params, Result>(
  connection: MessageConnection,
  method: Method<Params, Result>,
  params: Params,
  signal?: AbortSignal,
): Promise<Result> => {
  const cancel = new CancellationTokenSource()
  const onAbort = () => cancel.cancel()
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort)
  try {
    return await connection.sendRequest<Result>(method.name, params, cancel.token)
  } catch (error) {
    throw fromWire(error)
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}

const answerOver = <Params, Result>(
  connection: MessageConnection,
  method: Method<Params, Result>,
  handler: (params: Params, signal: AbortSignal) => Promise<Result>,
) => {
  connection.onRequest(
    method.name,
    async (params: Params, token: CancellationToken): Promise<unknown> => {
      const abort = new AbortController()
      // A cancel that came before its request was begun fires no event.
      if (token.isCancellationRequested) abort.abort()
      token.onCancellationRequested(() => abort.abort())
      try {
        return await handler(params, abort.signal)
      } catch (error) {
        return toWire(error)
      }
    },
  )
}

const toWire = (thrown: unknown) => {
  const list = problemsOf(thrown)
  if (list.length > 0) return new ResponseError(problemCode, list[0]!.detail, list)
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return new ResponseError(-32603, text)
}

const fromWire = (error: unknown): unknown => {
  if (!(error instanceof ResponseError) || error.code !== problemCode) return orLost(error)
  const list = error.data as ProblemData[]
  return list.length === 1 ? new Problem(list[0]!) : new Problems(list)
}
