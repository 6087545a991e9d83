import { request, type RequestOptions } from 'node:https'
import tls from 'node:tls'

export type Question = {
  /** Where the edge listens. */
  address: string
  port: number
  /** For SNI, for `Host` and for the certificate. */
  domain: string
  path: string
  headers: Record<string, string>
  /** PEM of further roots to trust. */
  roots: string | null
  limitMs: number
}

export type Reply = {
  status: number
  headers: Record<string, string | string[] | undefined>
}

/** Why there was no reply: TLS did not come about, or the connection did not. */
export type NoReply = { failed: 'certificate' | 'handshake' | 'connection'; text: string }

/**
 * Asks an HTTPS server at an address for a domain's path, over a new connection, with HEAD: the
 * answer's head says all that is needed, and a stream is not begun.
 */
export const askHttps = (question: Question): Promise<Reply | NoReply> =>
  new Promise((resolve) => {
    let secure = false
    const sent = request({
      ...target(question),
      method: 'HEAD',
      agent: false,
      headers: { host: question.domain, connection: 'close', ...question.headers },
    })
    const timer = setTimeout(
      () => sent.destroy(new Error(`no answer within ${question.limitMs / 1000} s`)),
      question.limitMs,
    )
    sent.on('socket', (opened) => {
      opened.on('secureConnect', () => {
        secure = true
      })
    })
    sent.on('response', (response) => {
      response.resume()
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
      })
    })
    sent.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ failed: stageOf(error, secure), text: textOf(error) }),
    )
    sent.on('close', () => clearTimeout(timer))
    sent.end()
  })

const target = (question: Question): RequestOptions => ({
  host: question.address,
  port: question.port,
  servername: question.domain,
  path: question.path,
  ca: [
    // Not imported by name: an older Node would end with a SyntaxError before main.ts can speak.
    ...new Set([...tls.rootCertificates, ...tls.getCACertificates('system')]),
    ...(question.roots ? [question.roots] : []),
  ],
})

const stageOf = (error: NodeJS.ErrnoException, secure: boolean): NoReply['failed'] => {
  const code = error.code ?? ''
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return 'handshake'
  const certificate = /CERT|ISSUER|SIGNATURE|SELF_SIGNED|UNABLE_TO/.test(code)
  return certificate && !secure ? 'certificate' : 'connection'
}

const textOf = (error: NodeJS.ErrnoException) =>
  error.code && !error.message.includes(error.code)
    ? `${error.message} (${error.code})`
    : error.message
