import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export type Received = { path: string; headers: Record<string, string>; body: string }

/** A web server that keeps what it is sent. `answer` can be changed at any time. */
export const startHooks = async (address: string) => {
  const received: Received[] = []
  const hooks = { answer: 200, received, url: '', close: async () => undefined as void }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text: string) => (body += text))
    request.on('end', () => {
      if (hooks.answer === 200)
        received.push({
          path: request.url ?? '',
          headers: request.headers as Record<string, string>,
          body,
        })
      response.writeHead(hooks.answer, { location: '/elsewhere' }).end()
    })
  })
  server.listen(0, address)
  await once(server, 'listening')
  hooks.url = `http://${address}:${(server.address() as AddressInfo).port}`
  hooks.close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return hooks
}

/** `text`: as it was sent, its lines no more broken where they were too long. */
export type Mail = {
  from: string
  to: string[]
  text: string
  secure: boolean
  user: string | null
}

export type MailOptions = {
  /** PEM of a key and certificate; without them the server offers no TLS. */
  tls?: { key: string; cert: string }
  /** TLS from the first byte. */
  secure?: boolean
  /** Who may send; without one, anybody. */
  login?: { user: string; password: string }
  /** An address that it takes no mail for. */
  refuse?: string
}

/** A mail server that keeps what it is handed. */
export const startMail = async (
  address: string,
  { tls, secure, login, refuse }: MailOptions = {},
) => {
  const mails: Mail[] = []
  /** Passwords that were sent over a connection anybody can read. */
  const exposed: string[] = []
  const server = new SMTPServer({
    ...tls,
    secure: secure ?? false,
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disabledCommands: tls ? [] : ['STARTTLS'],
    logger: false,
    onAuth: (auth, session, callback) => {
      if (!session.secure) exposed.push(auth.password ?? '')
      const isKnown = auth.username === login?.user && auth.password === login?.password
      callback(isKnown ? null : new Error(`no such login as ${auth.password}`), {
        user: auth.username,
      })
    },
    onRcptTo: ({ address }, _session, callback) =>
      callback(address === refuse ? new Error('no such user') : null),
    onData: (stream, session, callback) => {
      let text = ''
      stream.on('data', (data: Buffer) => (text += data.toString()))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map((each) => each.address),
          text: text.replaceAll('=\r\n', ''),
          secure: session.secure,
          user: typeof session.user === 'string' ? session.user : null,
        })
        callback()
      })
    },
  })
  server.on('error', () => undefined)
  server.listen(0, address)
  await once(server.server, 'listening')
  return {
    mails,
    exposed,
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
