import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { StoreFault } from '../fault.ts'
import { faultOfAnswer, faultOfFetch } from './faults.ts'

/** A bucket, or a part of one, of a service that speaks S3. */
export type S3Target = {
  endpoint: string
  region: string
  bucket: string
  prefix: string
  accessKeyId: string
  secretAccessKey: string
}

export type S3Request = {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** The whole key; none asks the bucket. */
  key?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Uint8Array
}

/** Longest silence, of an answer that is awaited or that stops in the middle. */
const silenceMs = 60_000
/** Longest time for one request with a body: a part over a slow line. */
const sendingMs = 10 * 60_000
const answerBytesMax = 4 * 1024 * 1024
const waitsMs = [300, 1_000, 3_000]

export type S3Client = ReturnType<typeof s3Client>

/** Asks a bucket. Addresses name the bucket in the path, as every service understands them. */
export const s3Client = (target: S3Target) => {
  const once = async (request: S3Request, watch: Watch): Promise<Response> => {
    const what = `${request.method} ${request.key ?? `bucket ${target.bucket}`}`
    try {
      const { url, headers } = await signed(target, request)
      const { method, body } = request
      const response = await fetch(url, {
        method,
        headers,
        signal: watch.signal,
        redirect: 'manual',
        ...(body ? { body: Buffer.from(body) } : {}),
      })
      if (response.ok) return response
      throw faultOfAnswer(what, response.status, await textWithin(response))
    } catch (thrown) {
      throw watch.ended() ?? faultOfFetch(what, thrown)
    }
  }
  const insist = async (request: S3Request, watch: Watch): Promise<Response> => {
    for (const waitMs of waitsMs) {
      try {
        watch.alive(request.body ? sendingMs : silenceMs)
        return await once(request, watch)
      } catch (thrown) {
        if (!(thrown instanceof StoreFault) || !['busy', 'dropped'].includes(thrown.kind))
          throw thrown
        await sleep(waitMs, undefined, { signal: watch.signal })
      }
    }
    watch.alive(request.body ? sendingMs : silenceMs)
    return once(request, watch)
  }
  return {
    target,
    /** The headers and the text of a small answer. */
    ask: async (request: S3Request, signal: AbortSignal) => {
      const watch = watching(signal)
      try {
        const response = await insist(request, watch)
        return { headers: response.headers, text: await textWithin(response) }
      } catch (thrown) {
        throw watch.ended() ?? faultOfFetch(request.method, thrown)
      } finally {
        watch.stop()
      }
    },
    /** Hands on the body of an answer as it comes. */
    stream: async (
      request: S3Request,
      onPiece: (piece: Uint8Array) => void | Promise<void>,
      signal: AbortSignal,
    ) => {
      const watch = watching(signal)
      let unkept = false
      try {
        const response = await insist(request, watch)
        for await (const piece of response.body ?? []) {
          watch.alive(silenceMs)
          unkept = true
          await onPiece(piece)
          unkept = false
        }
      } catch (thrown) {
        // What the taker of a piece throws is no fault of the line.
        throw watch.ended() ?? (unkept ? thrown : faultOfFetch(request.method, thrown))
      } finally {
        watch.stop()
      }
    },
  }
}

const signed = async (target: S3Target, { method, key, query, headers, body }: S3Request) => {
  const { AwsV4Signer } = await import('aws4fetch')
  const url = new URL(target.endpoint)
  const base = url.pathname.replace(/\/+$/, '')
  url.pathname = [base, target.bucket, ...(key === undefined ? [] : [key])].join('/')
  url.search = new URLSearchParams(query).toString()
  const content = body ?? new Uint8Array()
  return new AwsV4Signer({
    method,
    url: url.href,
    service: 's3',
    region: target.region,
    accessKeyId: target.accessKeyId,
    secretAccessKey: target.secretAccessKey,
    headers: {
      ...headers,
      // Signed with the rest: the service refuses a body that is not this one.
      'x-amz-content-sha256': createHash('sha256').update(content).digest('hex'),
    },
  }).sign()
}

const textWithin = async (response: Response): Promise<string> => {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > answerBytesMax) throw new StoreFault('failed', 'an answer was too large')
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

type Watch = ReturnType<typeof watching>

/** Ends a request with the caller's signal, or when nothing has come for too long. */
const watching = (outer: AbortSignal) => {
  const controller = new AbortController()
  let silent = false
  let timer: NodeJS.Timeout | undefined
  const abort = () => controller.abort()
  outer.addEventListener('abort', abort, { once: true })
  if (outer.aborted) abort()
  return {
    signal: controller.signal,
    alive: (limitMs: number) => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        silent = true
        abort()
      }, limitMs)
    },
    /** What to throw if this watch ended the request. */
    ended: (): unknown => {
      if (outer.aborted) return outer.reason
      return silent ? new StoreFault('silent', 'no answer in time') : undefined
    },
    stop: () => {
      clearTimeout(timer)
      outer.removeEventListener('abort', abort)
    },
  }
}
