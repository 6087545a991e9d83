import { describe, expect, it } from 'vitest'
import { checkConfig } from './check.ts'
import { locate } from './places.ts'

const good = `app: shop
servers:
  main: deploy@vps.example
environments:
  production:
    servers: [main]
    routes:
      shop.example: { /: web:3000 }
`

const told = (text: string) =>
  checkConfig(locate('zarpe.yml', text)).problems.map(
    ({ code, place }) => `${code} ${place?.file}:${place?.line}:${place?.column}`,
  )

const detail = (text: string) => checkConfig(locate('zarpe.yml', text)).problems[0]!.detail

describe('checkConfig', () => {
  it('fills in what was left out', () => {
    const { config } = checkConfig(locate('zarpe.yml', good))
    expect(config).toMatchObject({
      compose: 'compose.yml',
      release: { healthy_within: '60s', watch: '6s', keep: 5 },
      services: {},
    })
  })

  it.each([
    ['no YAML', 'app: [', 'config/not-yaml zarpe.yml:1:7'],
    ['an unknown key', `${good}relase: {}\n`, 'config/unknown-key zarpe.yml:9:1'],
    [
      'an unknown key deep down',
      `${good}release: { keeep: 3 }\n`,
      'config/unknown-key zarpe.yml:9:12',
    ],
    ['a wrong type', `${good}release: { keep: many }\n`, 'config/invalid zarpe.yml:9:18'],
    ['too few', `${good}release: { keep: 1 }\n`, 'config/invalid zarpe.yml:9:18'],
    ['no duration', `${good}release: { watch: soon }\n`, 'config/invalid zarpe.yml:9:19'],
    [
      'no environment',
      'app: shop\nservers: {}\nenvironments: {}\n',
      'config/no-environment zarpe.yml:3:15',
    ],
    ['a bad app', good.replace('shop', '$(shop)'), 'config/invalid zarpe.yml:1:6'],
    [
      'a bad domain',
      good.replace('shop.example:', 'shop_x.example:'),
      'config/invalid zarpe.yml:8:7',
    ],
    ['a bad path', good.replace('/:', '"/a b":'), 'config/invalid zarpe.yml:8:23'],
    ['a bad upstream', good.replace('web:3000', 'web'), 'config/invalid zarpe.yml:8:26'],
    [
      'a bad server',
      good.replace('deploy@', '-oProxyCommand=x '),
      'config/bad-target zarpe.yml:3:9',
    ],
    ['no such server', good.replace('[main]', '[toString]'), 'config/invalid zarpe.yml:6:15'],
    [
      'no such server either',
      good.replace('[main]', '[other]'),
      'config/unknown-server zarpe.yml:6:15',
    ],
    [
      'an inherited name',
      good.replace('[main]', '[constructor]'),
      'config/unknown-server zarpe.yml:6:15',
    ],
    ['two servers', good.replace('[main]', '[main, main]'), 'config/invalid zarpe.yml:6:14'],
    [
      'one address twice',
      good.replace('  main:', '  other: root@VPS.example:22\n  main:'),
      'config/same-address zarpe.yml:4:9',
    ],
  ])('refuses %s, with its place', (_name, text, expected) =>
    expect(told(text)).toEqual([expected]),
  )

  it('tells all mistakes at once, from top to bottom', () => {
    const text = `${good.replace('shop\n', '3\n').replace('web:3000', 'web')}relase: {}\n`
    expect(told(text)).toEqual([
      'config/invalid zarpe.yml:1:6',
      'config/invalid zarpe.yml:8:26',
      'config/unknown-key zarpe.yml:9:1',
    ])
  })

  it('speaks of YAML', () => {
    expect(detail('app: shop\nenvironments: {}\n')).toBe('`servers`: is missing.')
    expect(detail('')).toBe('must be a mapping, not empty.')
    expect(detail(good.replace('app: shop', 'app: 3'))).toBe('`app`: must be a text, not number.')
  })
})
