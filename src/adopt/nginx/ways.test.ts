import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNginx } from './ways.ts'

const find = (address: string) => {
  const [service = '', port = '80'] = address.replace('http://', '').split(':')
  return /^(web|api)$/.test(service) ? { service, port: Number(port) } : `no ${service}`
}
const known = (text: string) => (text.includes('\uE000') ? null : text)
const read = (text: string, environment: Record<string, string> = {}) =>
  readNginx({ file: 'a.conf', text }, { service: 'nginx', environment, find, known })
const ways = (text: string, environment?: Record<string, string>) =>
  read(text, environment).ways.map(
    ({ domain, path, service, port, place }) =>
      `${domain}${path} ${service}:${port} @${place.line}`,
  )
const server = (body: string) => `server { server_name a.example; ${body} }`

describe('readNginx', () => {
  it.each([
    ['a proxy', 'location / { proxy_pass http://web:3000; }', ['a.example/ web:3000 @1']],
    [
      'a path that stays',
      'location /api/ { proxy_pass http://api/api/; }',
      ['a.example/api api:80 @1'],
    ],
    [
      'a preferred prefix',
      'location ^~ /api { proxy_pass http://api; }',
      ['a.example/api api:80 @1'],
    ],
    ['a variable', 'set $up http://web:5; location / { proxy_pass $up; }', ['a.example/ web:5 @1']],
    ['files of its own', 'listen 8080; root /srv;', ['a.example/ nginx:8080 @1']],
    [
      'files beside a proxy',
      'root /srv; location / { try_files $uri /index.html; } location /api { proxy_pass http://api; } location ~* \\.js$ { expires 1d; }',
      ['a.example/ nginx:80 @1', 'a.example/api api:80 @1'],
    ],
  ])('understands %s', (_what, body, expected) => {
    expect(ways(server(body))).toEqual(expected)
    expect(read(server(body)).left).toEqual([])
  })

  it('reads upstreams, http blocks, templates and comments', () => {
    const text =
      'http {\n upstream b { least_conn; server api:1 weight=2; server api:1; }\n # server { }\n server { server_name ${D} www.a.example;\n  location / { proxy_pass http://b; }\n }\n}'
    expect(ways(text, { D: 'a.example' })).toEqual([
      'a.example/ api:1 @5',
      'www.a.example/ api:1 @5',
    ])
  })

  it('says nothing of a redirect to HTTPS, and takes it for no way in', () => {
    const text =
      'server { listen 80; server_name a.example; location /.well-known/acme-challenge/ { root /c; } location / { return 301 https://$host$request_uri; } }'
    expect(read(text)).toMatchObject({ ways: [], left: [] })
  })

  it.each([
    ['a password', 'location / { auth_basic "x"; proxy_pass http://web; }', 'location /'],
    ['addresses', 'deny all; location / { proxy_pass http://web; }', 'deny all'],
    ['a prefix taken off', 'location /api/ { proxy_pass http://api/; }', 'location /api/ →'],
    ['a pattern', 'location ~ ^/a { proxy_pass http://web; }', 'location ~ ^/a'],
    ['an unknown host', 'location / { proxy_pass http://10.0.0.1:80; }', 'location / →'],
    ['files over HTTPS alone', 'listen 443 ssl; root /srv;', 'files at /'],
    ['another redirect', 'return 301 https://b.example$request_uri;', 'return 301'],
    ['a limit', 'client_max_body_size 1m;', 'client_max_body_size'],
  ])('names %s and opens nothing for it', (_what, body, expected) => {
    const { left, ways: none } = read(server(body))
    expect(left.map(({ what }) => what)).toEqual([expect.stringContaining(expected)])
    expect(none).toEqual([])
  })

  it('never throws and always ends', () => {
    const piece = fc.constantFrom(
      ...[
        '{',
        '}',
        ';',
        '\n',
        ' ',
        'server',
        'location',
        '/a',
        'proxy_pass',
        'http://web',
        '"',
        "'",
      ],
      ...['#', '$x', '${y}', 'set', 'listen', '443', 'ssl', 'root', 'upstream', 'return', '\\'],
    )
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (all) => void read(all.join(''))))
  })
})
