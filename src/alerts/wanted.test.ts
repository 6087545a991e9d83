import { describe, expect, it } from 'vitest'
import { checkConfig } from '../config/check.ts'
import { locate } from '../config/places.ts'
import { parseSmtp } from './smtp.ts'
import { alertsWanted } from './wanted.ts'

const head =
  'app: shop\nservers: { main: root@vps.example }\nenvironments: { production: { servers: [main] } }\n'

const wanted = (alerts: string, values: Record<string, string> = {}) => {
  const located = locate('zarpe.yml', `${head}alerts:\n${alerts}`)
  const { config, problems } = checkConfig(located)
  expect(problems).toEqual([])
  return alertsWanted({
    located,
    config: config!,
    project: 'shop-production',
    values,
    environment: 'production',
  })
}

describe('whom zarpe.yml names', () => {
  it('is nobody where it names nobody', () => {
    expect(wanted('  to: {}')).toEqual({ settings: null, problems: [] })
  })

  it('takes URLs from variables', () => {
    const { settings, problems } = wanted(
      '  to: { chat: { slack: CHAT_URL }, phone: { ntfy: NTFY_URL } }\n  heartbeat: BEAT_URL',
      {
        CHAT_URL: 'https://hooks.example/T/x',
        NTFY_URL: ' https://ntfy.example/shop\n',
        BEAT_URL: 'https://beat.example/1',
      },
    )
    expect(problems).toEqual([])
    expect(settings).toEqual({
      project: 'shop-production',
      channels: [
        { name: 'chat', kind: 'slack', url: 'https://hooks.example/T/x' },
        { name: 'phone', kind: 'ntfy', url: 'https://ntfy.example/shop' },
      ],
      heartbeat: 'https://beat.example/1',
    })
  })

  it('sends mail as the user of the mail server, or as who gets it', () => {
    const from = (url: string, more = '') => {
      const { settings } = wanted(
        `  to: { team: { mail: [a@shop.example, b@shop.example], smtp: SMTP_URL${more} } }`,
        { SMTP_URL: url },
      )
      const [channel] = settings!.channels
      return channel?.kind === 'mail' ? channel.from : null
    }
    expect(from('smtps://bot%40shop.example:x@mail.example')).toBe('bot@shop.example')
    expect(from('smtps://bot:x@mail.example')).toBe('a@shop.example')
    expect(from('smtps://bot:x@mail.example', ', from: c@shop.example')).toBe('c@shop.example')
  })

  it('tells of every variable of no use, with its place and without its value', () => {
    const { settings, problems } = wanted(
      '  to:\n    chat: { slack: CHAT_URL }\n    team: { mail: a@shop.example, smtp: SMTP_URL }\n  heartbeat: BEAT_URL',
      { CHAT_URL: 'javascript:zq-secret', SMTP_URL: 'mail.example/zq-secret' },
    )
    expect(settings).toBeNull()
    expect(problems.map(({ place }) => place?.line)).toEqual([6, 7, 8])
    expect(JSON.stringify(problems)).not.toContain('zq-secret')
    expect(problems[2]!.detail).toContain('has no value')
  })
})

describe('the URL of a mail server', () => {
  it('says how, where and as whom', () => {
    expect(parseSmtp('smtps://shop:p%40ss%3A@mail.example')).toEqual({
      host: 'mail.example',
      port: 465,
      secure: true,
      user: 'shop',
      password: 'p@ss:',
    })
    expect(parseSmtp('smtp://mail.example')).toEqual({
      host: 'mail.example',
      port: 587,
      secure: false,
      user: null,
      password: null,
    })
    expect(parseSmtp('smtp://[::1]:2525')).toMatchObject({ host: '::1', port: 2525 })
  })

  it.each(['', 'mail.example', 'https://mail.example', 'smtp://', 'smtps://a:%zz@mail.example'])(
    'is not %j',
    (text) => expect(parseSmtp(text)).toBeNull(),
  )
})
