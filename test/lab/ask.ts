import type { IncomingHttpHeaders } from 'node:http'
import { request as plainRequest } from 'node:http'
import { request } from 'node:https'

// Longer than the edge tries to reach an app.
const limitMs = 20_000

/** One GET over HTTPS to an address, for a domain. */
export const ask = (
  address: string,
  domain: string,
  path: string,
  ca: string,
  headers: Record<string, string> = {},
) =>
  new Promise<{ status: number; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    const sent = request({
      host: address,
      servername: domain,
      path,
      ca,
      agent: false,
      headers: { host: domain, ...headers },
      signal: AbortSignal.timeout(limitMs),
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (body += part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      )
    })
    sent.end()
  })

/** One GET over plain HTTP. */
export const askPlain = (address: string, domain: string, path: string) =>
  new Promise<{ status: number; location: string | undefined }>((resolve, reject) => {
    const sent = plainRequest({
      host: address,
      path,
      agent: false,
      headers: { host: domain },
      signal: AbortSignal.timeout(limitMs),
    })
    sent.on('error', reject)
    sent.on('response', (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, location: response.headers.location })
    })
    sent.end()
  })
