import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCaddyfile } from './ways.ts'

const find = (address: string) => {
  const [service = '', port = '80'] = address.replace('http://', '').split(':')
  return /^(web|api)$/.test(service) ? { service, port: Number(port) } : `no ${service}`
}
const known = (text: string) => (text.includes('\uE000') ? null : text)
const read = (text: string, environment: Record<string, string> = {}) =>
  readCaddyfile(
    { file: 'Caddyfile', text },
    { ...{ service: 'caddy', environment, ports: [80, 443, 8000] }, find, known },
  )
const ways = (text: string, environment?: Record<string, string>) =>
  read(text, environment).ways.map(
    ({ domain, path, service, port, place }) =>
      `${domain}${path} ${service}:${port} @${place.line}`,
  )
const left = (text: string) => read(text).left.map(({ what, place }) => `${place.line} ${what}`)

describe('readCaddyfile', () => {
  it.each([
    [
      'a site without braces',
      'shop.example\nreverse_proxy web:3000\n',
      ['shop.example/ web:3000 @2'],
    ],
    [
      'several names over two lines',
      'a.example,\nb.example {\n  reverse_proxy web\n}\n',
      ['a.example/ web:80 @3', 'b.example/ web:80 @3'],
    ],
    ['any name', ':80 {\n reverse_proxy http://web:1\n}', ['null/ web:1 @2']],
    [
      'a path, a named matcher and the rest',
      'shop.example {\n @a path /api/* /hooks\n reverse_proxy @a api:8000\n reverse_proxy /ws* api:9\n handle {\n  reverse_proxy web:3000\n }\n}',
      [
        'shop.example/api api:8000 @3',
        'shop.example/hooks api:8000 @3',
        'shop.example/ws api:9 @4',
        'shop.example/ web:3000 @6',
      ],
    ],
    [
      'a snippet',
      '(app) {\n reverse_proxy web:3000 # the app\n}\nshop.example {\n import app\n}',
      ['shop.example/ web:3000 @2'],
    ],
    [
      'upstreams in a block',
      'shop.example {\n reverse_proxy {\n  to web:1 web:1\n  lb_policy least_conn\n }\n}',
      ['shop.example/ web:1 @2'],
    ],
  ])('understands %s', (_what, text, expected) => {
    expect(ways(text)).toEqual(expected)
    expect(read(text).left).toEqual([])
  })

  it('fills in the variables of the container', () => {
    const text = '{$DOMAIN} {\n reverse_proxy {$UP:web:5}\n}'
    expect(ways(text, { DOMAIN: 'shop.example' })).toEqual(['shop.example/ web:5 @2'])
  })

  it.each([
    [
      'a password',
      'a.example {\n reverse_proxy web\n basicauth {\n  x y\n }\n}',
      '3 a.example/, which',
    ],
    [
      'a prefix taken off',
      'a.example {\n handle_path /api/* {\n  reverse_proxy api\n }\n}',
      '2 handle_path',
    ],
    ['a method', 'a.example {\n @p method POST\n reverse_proxy @p api\n}', '3 reverse_proxy @p'],
    ['two services', 'a.example {\n reverse_proxy web:1 api:1\n}', '2 reverse_proxy web:1'],
    ['an unknown host', 'a.example {\n reverse_proxy other:1\n}', '2 reverse_proxy other:1'],
    ['a wildcard', '*.a.example {\n reverse_proxy web\n}', '1 *.a.example'],
    ['another port', 'a.example:8443 {\n reverse_proxy web\n}', '1 a.example:8443'],
    [
      'an import of a file',
      'a.example {\n import more/*\n}',
      '2 a.example/, which import more/* may protect',
    ],
    ['a limit of bodies', 'a.example {\n request_body {\n  max_size 1MB\n }\n}', '2 request_body'],
    ['a redirect', 'a.example {\n redir https://b.example{uri}\n}', '2 redir'],
  ])('names %s and opens nothing for it', (_what, text, expected) => {
    expect(left(text)).toEqual([expect.stringContaining(expected)])
    expect(ways(text)).toEqual([])
  })

  const deny = '@denied not remote_ip 10.0.0.0/8'
  it.each([
    ['a snippet with a password', 'import auth x', 'basic_auth protects'],
    ['a snippet in a snippet', 'import more', 'basic_auth protects'],
    ['a refusal by address', `${deny}\n respond @denied 403`, 'respond protects'],
    ['one in a block', `${deny}\n respond @denied "no" {\n  close\n  status 403\n }`, 'respond'],
    ['an abort by address', `${deny}\n abort @denied`, 'abort protects'],
    ['an error', `${deny}\n error @denied 401`, 'error protects'],
    ['a refusal in a handle', `${deny}\n handle @denied {\n  abort\n }`, 'abort protects'],
    ['a refusal of a path', 'respond /private/* 404', 'respond protects'],
    ['a redirect to a login', '@out not header Cookie *s=*\n redir @out /login', 'redir protects'],
    ['a password in a route', 'route {\n  basicauth {\n  x y\n  }\n }', 'basicauth protects'],
    ['certificates of clients', 'tls {\n  client_auth {\n  }\n }', 'tls protects'],
    ['an address inside', 'bind 127.0.0.1', 'bind protects'],
    [
      'an answer that decides',
      'reverse_proxy api {\n  handle_response @ok {\n  }\n }',
      'reverse_proxy',
    ],
    ['a plugin', 'crowdsec', 'crowdsec may protect'],
    ['a named route', 'invoke auth', 'invoke auth may protect'],
  ])('opens nothing behind %s', (_what, lines, expected) => {
    const snippets = '(auth) {\n basic_auth {\n  {args[0]} y\n }\n}\n(more) {\n import auth z\n}\n'
    const text = `${snippets}a.example {\n ${lines}\n reverse_proxy web\n}\nb.example {\n reverse_proxy web\n}`
    expect(left(text)).toEqual([expect.stringContaining(`a.example/, which ${expected}`)])
    expect(ways(text).map((way) => way.split(' ')[0])).toEqual(['b.example/'])
  })

  it('tells parts that are by themselves apart', () => {
    const text =
      'a.example {\n handle /api/* {\n  basic_auth {\n   x y\n  }\n  reverse_proxy api\n }\n handle /x/* {\n  reverse_proxy web\n }\n handle {\n  respond 404\n }\n}'
    expect(ways(text)).toEqual(['a.example/x web:80 @9'])
    expect(left(text)).toEqual([
      '3 a.example/api, which basic_auth protects',
      '12 a.example/, which respond protects',
    ])
  })

  it.each([
    ['a rewrite', 'rewrite * /v2{uri}\n reverse_proxy web', '2 a.example/: rewrite'],
    ['a prefix taken off', 'uri strip_prefix /x\n reverse_proxy web', '2 a.example/: uri'],
    [
      'another path for a service',
      'reverse_proxy web {\n  rewrite /x{uri}\n }',
      '2 reverse_proxy web',
    ],
  ])('leaves %s, which changes the path', (_what, lines, expected) => {
    const text = `a.example {\n ${lines}\n}`
    expect(left(text)).toEqual([expect.stringContaining(expected)])
    expect(ways(text)).toEqual([])
  })

  it.each([
    ['another port under any name', ':8080'],
    ['a path in an address', 'a.example/v1/*'],
    ['an address by numbers', '10.0.0.1'],
    ['one in brackets', '[::1]:80'],
    ['a variable without a value', '{$DOMAIN}'],
  ])('names a site with %s', (_what, address) => {
    const text = `${address} {\n reverse_proxy api\n}\na.example, :8000 {\n reverse_proxy web\n}`
    expect(left(text)).toEqual([`1 ${address}`])
    expect(ways(text)).toEqual(['a.example/ web:80 @5', 'null/ web:80 @5'])
  })

  it('takes a line that a variable leaves empty for nothing, and tells of files beside', () => {
    const text = 'import sites/*\na.example {\n {$MORE}\n reverse_proxy web\n}'
    expect(ways(text)).toEqual(['a.example/ web:80 @4'])
    expect(left(text)).toEqual(['1 import sites/*'])
  })

  it('keeps headers, says whether Caddy answers by itself, and where warnings go', () => {
    const text =
      '{\n email ops@a.example\n}\na.example {\n header X-Frame-Options DENY\n header {\n  -Server\n }\n file_server\n}'
    expect(read(text)).toMatchObject({
      email: { address: 'ops@a.example', place: { line: 2 } },
      serves: true,
      headers: [{ name: 'X-Frame-Options', value: 'DENY', place: { line: 5 } }],
    })
  })

  it('never throws and always ends', () => {
    const piece = fc.constantFrom(
      ...[
        '{',
        '}',
        '\n',
        ' ',
        'a.example',
        'handle',
        '@x',
        'path',
        '/a*',
        'reverse_proxy',
        'web:1',
      ],
      ...['"', '`', '#', '(s)', 'import s', '\\', ',', '{$A}', 'to', 'basic_auth'],
    )
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (all) => void read(all.join(''))))
  })
})
