import { request, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Problem } from '../../problem/problem.ts'

export type Call = {
  method: 'GET' | 'POST' | 'DELETE' | 'HEAD' | 'PUT'
  path: string
  query?: Record<string, string | number | boolean | object | undefined>
  body?: unknown
  signal?: AbortSignal
  /** Whole call for a JSON answer, first byte for a stream. Default 60 s. */
  limitMs?: number
}

/** An answer of the Engine API that is not a success. */
export class EngineError extends Error {
  readonly status: number

  constructor(status: number, text: string, call: Call) {
    super(`${text} (${call.method} ${call.path}: ${status})`)
    this.name = 'EngineError'
    this.status = status
  }
}

/**
 * Sends one request to the engine's socket and returns the raw answer, whatever its status. The path
 * carries no API version: every engine then speaks its own newest, from 20.10 (1.41) to 29 (1.52).
 * The limit ends with the first byte, or with the last: an engine that is asked to wait answers at
 * once that it will, and the rest when that is over.
 */
const open = (
  socketPath: string,
  call: Call,
  limitOf: 'first byte' | 'whole answer',
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const body = call.body === undefined ? undefined : JSON.stringify(call.body)
    const sent = request({
      socketPath,
      method: call.method,
      path: `${call.path}${queryText(call.query)}`,
      headers: {
        host: 'docker',
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
      },
      ...(call.signal ? { signal: call.signal } : {}),
    })
    const limitMs = call.limitMs ?? 60_000
    let answer: IncomingMessage | null = null
    const timer = setTimeout(() => (answer ?? sent).destroy(tooSlow(call, limitMs)), limitMs)
    sent.on('response', (response) => {
      answer = response
      if (limitOf === 'first byte') clearTimeout(timer)
      else response.on('close', () => clearTimeout(timer))
      resolve(response)
    })
    sent.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      reject(
        error instanceof Problem || call.signal?.aborted ? error : unreachable(socketPath, error),
      )
    })
    sent.end(body)
  })

/** Sends one request and returns its JSON, or null for an empty answer. */
export const json = async <Result>(socketPath: string, call: Call): Promise<Result> => {
  const response = await open(socketPath, call, 'whole answer')
  const text = await textOf(response)
  const status = response.statusCode ?? 0
  if (status >= 400) throw new EngineError(status, errorText(text), call)
  return (text.trim() ? JSON.parse(text) : null) as Result
}

/** Sends one request and returns the stream of its answer once it has succeeded. */
export const stream = async (socketPath: string, call: Call): Promise<IncomingMessage> => {
  const response = await open(socketPath, call, 'first byte')
  const status = response.statusCode ?? 0
  if (status < 400) return response
  throw new EngineError(status, errorText(await textOf(response)), call)
}

/** Takes over the connection (`exec`, `attach`): bytes both ways after the engine's 101. */
export const hijack = (socketPath: string, call: Call): Promise<Duplex> =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify(call.body ?? {})
    const sent = request({
      socketPath,
      method: call.method,
      path: `${call.path}${queryText(call.query)}`,
      headers: {
        host: 'docker',
        connection: 'Upgrade',
        upgrade: 'tcp',
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    })
    sent.on('upgrade', (_response, socket: Duplex, head: Buffer) => {
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    sent.on('response', (response) => {
      textOf(response).then(
        (text) => reject(new EngineError(response.statusCode ?? 0, errorText(text), call)),
        reject,
      )
    })
    sent.on('error', (error: NodeJS.ErrnoException) => reject(unreachable(socketPath, error)))
    sent.end(body)
  })

const textOf = async (response: IncomingMessage) => {
  response.setEncoding('utf8')
  let text = ''
  for await (const part of response) text += part as string
  return text
}

const errorText = (text: string) => {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text
  } catch {
    return text
  }
}

const queryText = (query: Call['query']) => {
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined)
  const text = pairs.map(
    ([key, value]) =>
      `${key}=${encodeURIComponent(typeof value === 'object' ? JSON.stringify(value) : String(value))}`,
  )
  return text.length > 0 ? `?${text.join('&')}` : ''
}

const tooSlow = (call: Call, limitMs: number) =>
  new Problem({
    code: 'engine/too-slow',
    summary: 'The Docker engine did not answer in time.',
    detail: `${call.method} ${call.path} had no answer within ${limitMs / 1000} s.`,
    fix: ['zarpe status'],
  })

const unreachable = (socketPath: string, error: NodeJS.ErrnoException) =>
  new Problem(
    {
      code: 'engine/unreachable',
      summary: 'The Docker engine could not be reached.',
      detail: `${socketPath}: ${error.message}`,
      fix: ['On the server: systemctl status docker', 'zarpe setup'],
    },
    { cause: error },
  )
