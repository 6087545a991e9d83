import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type MailOptions, startHooks, startMail } from '../../test/lab/receivers.ts'
import type { Channel, Letter, Smtp } from './model.ts'
import { sendLetter } from './send.run.ts'

// Letters go to a real web server and real mail servers.

const host = '127.0.0.1'
const password = 'zq-pass:/@ ü'
const login = { user: 'bot@shop.example', password }
const letter: Letter = {
  project: 'shop-production',
  server: 'vps1',
  at: '2026-01-01T03:05:00.000Z',
  test: false,
  began: [
    { key: 'data/main/missed', text: 'data main: missed', since: '2026-01-01T03:00:00.000Z' },
  ],
  still: [],
  over: [],
}

const taken = { taken: true, problem: null }

const closing: (() => Promise<void>)[] = []
const opened = async <Opened extends { close: () => Promise<void> }>(starting: Promise<Opened>) => {
  const started = await starting
  closing.push(started.close)
  return started
}
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const folder = mkdtempSync(join(tmpdir(), 'zarpe-alerts-'))
let tls: { key: string; cert: string }

beforeAll(() => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  const about = ['-days', '2', '-subj', '/CN=mail', '-addext', `subjectAltName=IP:${host}`]
  execFileSync('openssl', [...made, '-nodes', '-keyout', key, '-out', cert, ...about], {
    stdio: 'ignore',
  })
  tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
})

afterAll(() => rmSync(folder, { recursive: true }))

const mailTo = (port: number, smtp: Partial<Smtp> = {}): Channel => ({
  name: 'team',
  kind: 'mail',
  to: ['a@shop.example', 'b@shop.example'],
  from: 'bot@shop.example',
  smtp: { host, port, secure: false, user: null, password: null, ...smtp },
})

describe('a letter by mail', () => {
  it('goes to everybody named, from the sender, with subject and text', async () => {
    const server = await opened(startMail(host))
    expect(await sendLetter(mailTo(server.port), letter)).toEqual(taken)
    expect(server.mails).toHaveLength(1)
    const [mail] = server.mails
    expect(mail).toMatchObject({
      from: 'bot@shop.example',
      to: ['a@shop.example', 'b@shop.example'],
    })
    expect(mail!.text).toContain('data main: missed (since 2026-01-01 03:00 UTC)')
    expect(mail!.text).toMatch(/^Subject: .*shop-production/m)
  })

  it('is told of addresses that are refused beside others', async () => {
    const server = await opened(startMail(host, { refuse: 'b@shop.example' }))
    expect(await sendLetter(mailTo(server.port), letter)).toEqual({
      taken: true,
      problem: 'no mail is taken for b@shop.example',
    })
    expect(server.mails).toMatchObject([{ to: ['a@shop.example'] }])
  })

  it('goes to a server that wants no login also if nobody vouches for its certificate', async () => {
    const server = await opened(startMail(host, { tls }))
    expect(await sendLetter(mailTo(server.port), letter)).toEqual(taken)
    expect(server.mails).toMatchObject([{ secure: true }])
  })

  const trusting = async (act: () => Promise<void>) => {
    const usual = getCACertificates('default')
    setDefaultCACertificates([...usual, tls.cert])
    try {
      await act()
    } finally {
      setDefaultCACertificates(usual)
    }
  }

  it.each<[string, MailOptions, Partial<Smtp>]>([
    ['from the first byte', { secure: true }, { secure: true }],
    ['after STARTTLS', {}, {}],
  ])('is sent with a login over TLS %s', async (_, options, smtp) => {
    const server = await opened(startMail(host, { tls, login, ...options }))
    await trusting(async () => {
      expect(await sendLetter(mailTo(server.port, { ...login, ...smtp }), letter)).toEqual(taken)
    })
    expect(server.mails).toMatchObject([{ secure: true, user: login.user }])
    expect(server.exposed).toEqual([])
  })

  it('never sends a password where there is no TLS, or to a certificate that nobody vouches for', async () => {
    const open = await opened(startMail(host, { login }))
    const strange = await opened(startMail(host, { tls, login }))
    for (const { port } of [open, strange]) {
      const { taken: isTaken, problem } = await sendLetter(mailTo(port, login), letter)
      expect(isTaken).toBe(false)
      expect(problem).toContain(`${host}:${port} did not take the mail: `)
    }
    expect([...open.exposed, ...strange.exposed]).toEqual([])
    expect([...open.mails, ...strange.mails]).toEqual([])
  })

  it('says why it was not taken, without the password, which the server repeats', async () => {
    const server = await opened(startMail(host, { tls, login: { ...login, password: 'other' } }))
    await trusting(async () => {
      const { problem } = await sendLetter(mailTo(server.port, login), letter)
      expect(problem).toContain('no such login as …')
      expect(problem).not.toContain('zq-pass')
    })
    await server.close()
    closing.pop()
    const { problem } = await sendLetter(mailTo(server.port), letter)
    expect(problem).toMatch(/did not take the mail: .*ECONNREFUSED/)
  })
})

describe('a letter to a URL', () => {
  it('is posted in the form of its kind', async () => {
    const hooks = await opened(startHooks(host))
    for (const kind of ['slack', 'discord', 'ntfy', 'webhook'] as const)
      expect(await sendLetter({ name: kind, kind, url: `${hooks.url}/${kind}` }, letter)).toEqual(
        taken,
      )
    const [slack, discord, ntfy, webhook] = hooks.received
    const parsed = (body: string) => JSON.parse(body) as Record<string, unknown>
    expect(parsed(slack!.body)['text']).toContain('data main: missed')
    expect(parsed(discord!.body)['content']).toContain('data main: missed')
    expect(ntfy!.headers).toMatchObject({ priority: 'high' })
    expect(ntfy!.body).toContain('data main: missed')
    expect(parsed(webhook!.body)).toMatchObject(letter)
  })

  it('has a login of its URL in a header', async () => {
    const hooks = await opened(startHooks(host))
    const send = async (login: string) => {
      const url = hooks.url.replace('://', `://${login}@`)
      expect(await sendLetter({ name: 'phone', kind: 'ntfy', url }, letter)).toEqual(taken)
      return hooks.received.at(-1)!.headers.authorization
    }
    const basic = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`
    expect(await send('shop:p%40ss')).toBe(basic('shop:p@ss'))
    // A token of ntfy has no user.
    expect(await send(':tk_abc')).toBe(basic(':tk_abc'))
    expect(await send('shop')).toBe(basic('shop:'))
  })

  it('says why it was not taken; of the URL, which is a secret, the host alone', async () => {
    const hooks = await opened(startHooks(host))
    const channel: Channel = { name: 'chat', kind: 'slack', url: `${hooks.url}/zq-secret` }
    const { host: where } = new URL(hooks.url)
    // What a server leads to elsewhere was not taken either.
    for (const answer of [404, 500, 302]) {
      hooks.answer = answer
      expect(await sendLetter(channel, letter)).toEqual({
        taken: false,
        problem: `${where} answered ${answer}`,
      })
    }
    const gone = await startHooks(host)
    await gone.close()
    expect(await sendLetter({ ...channel, url: `${gone.url}/zq-secret` }, letter)).toEqual({
      taken: false,
      problem: `${new URL(gone.url).host} cannot be reached: ECONNREFUSED`,
    })
  })
})
