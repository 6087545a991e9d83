import { connect, constants, type ClientHttp2Session } from 'node:http2'
import { connect as connectTls } from 'node:tls'
import { type Answer, type Asked, NoAnswer, releaseOf } from './http1.ts'
import type { Target } from './target.ts'

/**
 * What a browser lets a server send before it has looked at it. Node's own 64 kB for a whole connection are used up by four
 * answers, and whoever reads late then stands still for all that share it.
 */
const windowBytes = 15 * 1024 * 1024

/** Connections over which HTTP/2 requests are spread. */
const sessionsAtOnce = 4

/** Opens an HTTP/2 door to the target, which replaces connections that the server ends. */
export const openHttp2 = (target: Target) => {
  const sessions: (ClientHttp2Session | undefined)[] = []
  let turn = 0
  const session = () => {
    turn = (turn + 1) % sessionsAtOnce
    const present = sessions[turn]
    if (present && !present.closed && !present.destroyed) return present
    return (sessions[turn] = openSession(target))
  }
  return {
    ask: (asked: Asked) => ask(session(), target, asked),
    close: () => {
      for (const each of sessions) each?.destroy()
    },
  }
}

const openSession = (target: Target) => {
  const session = connect(`https://${target.authority}`, {
    settings: { initialWindowSize: 6 * 1024 * 1024 },
    createConnection: () =>
      connectTls({
        host: target.address,
        port: target.port,
        servername: target.name,
        ca: target.ca,
        ALPNProtocols: ['h2'],
      }),
  })
  // Each request reports its own end; the session's needs only a listener.
  session.on('error', () => undefined)
  session.on('connect', () => session.setLocalWindowSize(windowBytes))
  // After GOAWAY this session finishes what it has, and the next request opens another.
  session.on('goaway', () => session.close())
  return session
}

const ask = (session: ClientHttp2Session, target: Target, asked: Asked): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': asked.body ? 'POST' : 'GET',
      ':path': asked.path,
      ':authority': target.authority,
      ...(asked.body ? { 'content-type': 'application/octet-stream' } : {}),
    })
    const parts: Buffer[] = []
    let status = 0
    let release: string | undefined
    let failure: string | null = null
    const timer = setTimeout(() => {
      failure = `no answer within ${asked.limitMs / 1000} s`
      stream.close(constants.NGHTTP2_CANCEL)
    }, asked.limitMs)
    stream.on('response', (headers) => {
      status = Number(headers[':status'])
      release = releaseOf(headers['x-release'])
    })
    stream.on('data', (part: Buffer) => parts.push(part))
    stream.on('error', (error: NodeJS.ErrnoException) => {
      failure ??= error.code ?? error.message
    })
    stream.on('close', () => {
      clearTimeout(timer)
      const code = stream.rstCode ?? 0
      const refused = code === constants.NGHTTP2_REFUSED_STREAM
      if (failure || code !== 0 || status === 0)
        reject(
          new NoAnswer(`${failure ?? 'ended without an answer'} (HTTP/2 ${code})`, { refused }),
        )
      else resolve({ status, release, body: Buffer.concat(parts) })
    })
    stream.end(asked.body ?? undefined)
  })
