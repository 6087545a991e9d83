import { request } from 'node:http'

/** Caddy's answer to one call of its admin API. */
export type AdminAnswer = { status: number; text: string }

const answerBytesMax = 16 * 1024 * 1024

/**
 * One call of Caddy's admin API on its unix socket. The `Host` header must be empty, or Caddy
 * refuses with 403; and no connection is kept, because a load replaces the admin listener too and
 * a kept one then breaks. Null when nobody listens on the socket.
 */
export const askAdmin = (
  socketPath: string,
  call: { method: 'GET' | 'POST'; path: string; body?: string; limitMs: number },
): Promise<AdminAnswer | null> =>
  new Promise((resolve, reject) => {
    const sent = request({
      socketPath,
      method: call.method,
      path: call.path,
      agent: false,
      headers: {
        host: '',
        ...(call.body === undefined
          ? {}
          : {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(call.body),
            }),
      },
    })
    const timer = setTimeout(
      () => sent.destroy(new Error(`Caddy had no answer to ${call.path} in ${call.limitMs} ms`)),
      call.limitMs,
    )
    sent.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        if (text.length < answerBytesMax) text += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      response.on('error', reject)
    })
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null)
      else reject(error)
    })
    sent.on('close', () => clearTimeout(timer))
    sent.end(call.body)
  })
