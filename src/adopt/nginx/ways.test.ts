import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNginx } from './ways.ts'

const find = (address: string) => {
  const [service = '', port = '80'] = address.replace('http://', '').split(':')
  return /^(web|api)$/.test(service) ? { service, port: Number(port) } : `no ${service}`
}
const known = (text: string) => (text.includes('\uE000') ? null : text)
const readFiles = (files: Record<string, string>, environment: Record<string, string> = {}) =>
  readNginx(
    Object.entries(files).map(([file, text]) => ({ file, text })),
    { ...{ service: 'nginx', environment, ports: [80, 443, 8080] }, find, known },
  )
const read = (text: string, environment: Record<string, string> = {}) =>
  readFiles({ 'a.conf': text }, environment)
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
    ['addresses', 'deny all; location / { proxy_pass http://web; }', 'a.example, which deny all'],
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

  const proxied = 'location / { proxy_pass http://web; }'
  it.each([
    [
      'a password around',
      `auth_basic "x"; ${server(proxied)}`,
      'a.example, which auth_basic x protects',
    ],
    ['addresses around', `http { deny all; ${server(proxied)} }`, 'a.example, which deny all'],
    [
      'an include that is not there',
      server(`include snippets/auth.conf; ${proxied}`),
      'snippets/auth.conf may protect',
    ],
    ['one around', `include /etc/nginx/block.conf; ${server(proxied)}`, 'block.conf may protect'],
    [
      'one in a location',
      server('location / { include auth.conf; proxy_pass http://web; }'),
      'location /, which include',
    ],
    ['a condition', server(`if ($cookie_s = "") { return 403; } ${proxied}`), 'which if ('],
    [
      'a way to a login',
      server(`if ($http_x = "") { return 302 /login; } ${proxied}`),
      'which if (',
    ],
    ['a path that is closed', server(`if ($uri ~ ^/in) { return 404; } ${proxied}`), 'which if ('],
    ['certificates of clients', server(`ssl_verify_client on; ${proxied}`), 'ssl_verify_client on'],
    [
      'inner use',
      server('location / { internal; proxy_pass http://web; }'),
      'location /, which internal',
    ],
    [
      'methods',
      server('location / { limit_except GET { deny all; } proxy_pass http://web; }'),
      'limit_except',
    ],
    ['another port', server(`listen 8081; ${proxied}`), 'a.example at listen 8081'],
    ['the server itself', server(`listen 127.0.0.1:80; ${proxied}`), 'listen 127.0.0.1:80'],
    [
      'a rewrite',
      server('location /api { rewrite ^/api/(.*) /$1 break; proxy_pass http://web; }'),
      'location /api: rewrite',
    ],
    ['a rewrite of all', server(`rewrite ^/v1(.*) $1 last; ${proxied}`), 'a.example: rewrite'],
    ['one on a condition', server(`if ($x) { rewrite ^ /b; } ${proxied}`), 'a.example: rewrite'],
    [
      'an address by numbers',
      `server { server_name 10.0.0.1; ${proxied} }`,
      'server_name 10.0.0.1',
    ],
  ])('opens nothing behind %s', (_what, text, expected) => {
    const { left, ways: none } = read(text)
    expect(left.map(({ what }) => what)).toEqual([expect.stringContaining(expected)])
    expect(none).toEqual([])
  })

  it.each([
    ['a condition on the name', 'if ($host = www.a.example) { return 404; }'],
    ['a page that moved', 'if ($request_uri = /old) { return 301 /new; }'],
    ['an answer to a browser', 'if ($request_method = OPTIONS) { return 204; }'],
    ['a password that is off', 'auth_basic off;'],
    ['one of several ports', 'listen 8081; listen [::]:443 ssl;'],
    ['a redirect by a pattern', 'rewrite ^/old(.*) /new$1 permanent;'],
  ])('takes %s for no guard', (_what, lines) => {
    expect(ways(server(`${lines} ${proxied}`))).toEqual(['a.example/ web:80 @1'])
  })

  it('reads what servers include with them, and what holds for all of them', () => {
    const site = server(`include snippets/some.conf; ${proxied}`)
    const other = `server { server_name b.example; ${proxied} }`
    const at = (files: Record<string, string>) => {
      const { left, ways: found } = readFiles(files)
      return [
        found.map(({ domain, place }) => `${domain} ${place.file}`),
        left.map(({ what, place }) => `${place.file} ${what}`),
      ]
    }
    const files = { 'conf.d/a.conf': site, 'conf.d/b.conf': other }
    const auth = { 'x/snippets/some.conf': 'auth_basic on;' }
    expect(at({ ...files, ...auth })).toEqual([
      ['b.example conf.d/b.conf'],
      ['x/snippets/some.conf a.example, which auth_basic on protects'],
    ])
    expect(at({ ...files, 'some.conf': 'gzip on; include some.conf;' })).toEqual([
      ['a.example conf.d/a.conf', 'b.example conf.d/b.conf'],
      [],
    ])
    const http = { 'nginx.conf': 'http { include snippets/some.conf; include conf.d/*.conf; }' }
    expect(at({ ...files, ...auth, ...http })).toEqual([
      [],
      [
        'x/snippets/some.conf a.example, which auth_basic on protects',
        'x/snippets/some.conf b.example, which auth_basic on protects',
      ],
    ])
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
