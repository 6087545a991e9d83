import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runVerb } from '../../test/verb.ts'
import { fakeToken } from '../check/secrets/fake.ts'
import { loadAdoption } from './adopt.load.ts'

// With the real `docker compose`, which needs no engine for this.

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-adopt-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (files: Record<string, string>) => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(folder, file, '..'), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
}
const compose = (...lines: string[]) => ['services:', ...lines, ''].join('\n')
const load = async (files: Record<string, string>) => {
  write(files)
  const { found, left } = await loadAdoption(folder, ['compose.yml'])
  return {
    routes: found.adopted.routes.map(
      ({ domain, path, upstream }) => `${domain}${path} ${upstream}`,
    ),
    left: left.map(({ what, why, place }) => `${place.file}:${place.line} ${what}: ${why}`),
    ...{ services: found.services, adopted: found.adopted },
  }
}

describe('init --from and the values of production', () => {
  const secrets = {
    'compose.yml': compose(
      '  proxy: { image: "traefik:3", env_file: prod.env }',
      '  caddy:',
      '    image: caddy:2',
      '    env_file: prod.env',
      '    environment: ["ACME=${ACME_EMAIL}", "NAME=${DOMAIN}"]',
      '    volumes: ["./Caddyfile:/etc/caddy/Caddyfile"]',
      '  web:',
      '    image: registry.example/${HEADER_TOKEN}/web:${TAG}',
      '    expose: ["${PORT}"]',
      '    depends_on: { migrate: { condition: service_completed_successfully } }',
      '    labels:',
      '      - "traefik.http.routers.${STACK}.rule=Host(`api.${DOMAIN}`)"',
      '      - "traefik.http.middlewares.h.headers.customresponseheaders.X-Key=${HEADER_TOKEN}"',
      '      - "traefik.http.routers.s.rule=Host(`${HEADER_TOKEN}.a.example`)"',
      '      - "traefik.http.routers.p.rule=Host(`p.a.example`) && PathPrefix(`/${HEADER_TOKEN}`)"',
      '  migrate:',
      '    image: registry.example/${HEADER_TOKEN}/web:${TAG}',
      '    command: migrate --url=postgres://a:${DB_PASSWORD:?}@db',
    ),
    'prod.env': `FROM_FILE=${fakeToken}\n`,
    '.env': `DB_PASSWORD=${fakeToken}\nHEADER_TOKEN=${fakeToken}\nDOMAIN=a.example\nPORT=4000\nSTACK=s1\nTAG=t9\nACME_EMAIL=o@a.example\n`,
    Caddyfile:
      '{\n email {$ACME}\n}\n{$NAME} {\n header X-Other {$FROM_FILE}\n redir /x https://b.example/{$FROM_FILE}\n reverse_proxy web:4000\n}\n',
  }

  it('writes none of them, and takes a domain and a port that are no secrets', async () => {
    const { routes, left, services, adopted } = await load(secrets)
    expect(routes).toEqual(['a.example/ web:4000', 'api.a.example/ web:4000'])
    expect(adopted).toMatchObject({ migrate: null, headers: {}, email: null })
    expect(services).toContainEqual({ name: 'migrate', port: null })
    expect(services).toContainEqual({ name: 'web', port: 4000 })
    expect(left).toEqual([
      expect.stringMatching(/^Caddyfile:6 redir .*b\.example\/\$\{FROM_FILE\}/),
      expect.stringMatching(/^compose\.yml:15 router s: Host\(`\$\{HEADER_TOKEN\}/),
      expect.stringMatching(/^compose\.yml:16 router p: .*no plain prefix/),
      expect.stringMatching(/^Caddyfile:5 X-Other: \$\{FROM_FILE\}: it is made of variables/),
      expect.stringMatching(/^compose\.yml:14 X-Key: \$\{HEADER_TOKEN\}: it is made of variables/),
      expect.stringMatching(/^Caddyfile:2 email \$\{ACME_EMAIL\}: it is made of variables/),
      expect.stringMatching(/^compose\.yml:17 service migrate, .*: it is made of variables/),
    ])
  })

  it('leaves no value in any file that it writes, or in what it says', async () => {
    write(secrets)
    const { said, code } = await runVerb(
      ['-C', folder, '--json', 'init', '--from', 'compose.yml'],
      '',
    )
    expect(code, said).toBe(0)
    const files = ['zarpe.yml', 'compose.zarpe.yml', '.env.schema']
    for (const text of [said, ...files.map((file) => readFileSync(join(folder, file), 'utf8'))])
      expect(text).not.toContain(fakeToken)
  })

  it('writes no stand-in for a value that is not there', async () => {
    const { routes, left, services } = await load({
      'compose.yml': compose(
        '  traefik: { image: "traefik:3" }',
        '  web:',
        '    image: shop/web:1',
        '    ports: ["${PORT}"]',
        '    labels:',
        '      traefik.http.routers.a.rule: Host(`app.${DOMAIN}`)',
        '      traefik.http.services.a.loadbalancer.server.port: "80"',
        '      traefik.http.routers.b.rule: Host(`b.${NAME:-shop.example}`)',
      ),
    })
    expect(services).toContainEqual({ name: 'web', port: null })
    expect(routes).toEqual(['b.shop.example/ web:80'])
    expect(left).toEqual([expect.stringContaining('router a: Host(`app.${DOMAIN}`)')])
  })
})

describe('init --from and what Compose refuses until it is filled in', () => {
  const odd = ['pull_policy: ${PP:-always}', 'ulimits: { nofile: "${U:-1024}" }']
  const web = (...lines: string[]) =>
    compose(
      '  web:',
      ...['image: "shop/web:${TAG}"', ...odd, ...lines].map((each) => `    ${each}`),
    )

  it('takes the texts of the files themselves', async () => {
    const { routes, left, services } = await load({
      '.env': `DOMAIN=a.example\nPORT=4000\nTAG=1\nX_TOKEN=${fakeToken}\n`,
      'compose.yml': web(
        'expose: ["${PORT}"]',
        'labels:',
        '  - "traefik.http.routers.a.rule=Host(`${DOMAIN}`)"',
        '  - "traefik.http.routers.b.rule=Host(`${X_TOKEN}.a.example`)"',
      ),
    })
    expect(services).toEqual([{ name: 'web', port: 4000 }])
    expect(routes).toEqual(['a.example/ web:4000'])
    expect(left).toEqual([expect.stringContaining('router b: Host(`${X_TOKEN}.a.example`)')])
  })

  it('writes no value that stands in a file that they include or extend, and says so', async () => {
    write({
      '.env': 'S_VALUE=zq-tulip\nU=2048\n',
      'base.yml': compose(
        '  base:',
        '    image: shop/web:${S_VALUE}',
        '    command: up ${S_VALUE}',
        '    expose: ["${U}"]',
        '    environment: { SITE: "${S_VALUE}" }',
        '    labels: { "traefik.http.routers.a.rule": "Host(`${S_VALUE}`)" }',
      ),
      'other.yml': compose(
        '  db: { image: "postgres:${S_VALUE}" }',
        '  caddy:',
        '    image: caddy:2',
        '    environment: { SITE: "${S_VALUE}.example" }',
        '    volumes: ["./Caddyfile:/etc/caddy/Caddyfile"]',
      ),
      Caddyfile: '{$SITE} {\n reverse_proxy web:80\n}\n',
      'compose.yml': [
        'include: ["${INC:-other.yml}"]',
        compose(
          '  web:',
          '    extends: { file: "${E:-base.yml}", service: base }',
          '    depends_on: { migrate: { condition: service_completed_successfully } }',
          '  migrate: { extends: { file: "${E:-base.yml}", service: base } }',
        ),
      ].join('\n'),
    })
    const { notes, left, found } = await loadAdoption(folder, ['compose.yml'])
    expect(JSON.stringify({ notes, left, found })).not.toMatch(/zq-tulip|2048/)
    expect(found.adopted).toMatchObject({ routes: [], migrate: null })
    expect(found.adopted.keepers).toMatchObject([{ image: 'named in another file' }])
    for (const name of ['web', 'migrate', 'caddy'])
      expect(notes).toContainEqual(expect.stringMatching(`^${name}: what an included or extended`))
  })
})

describe('init --from and migrations', () => {
  const app = (name: string, ...lines: string[]) => [
    `  ${name}:`,
    '    image: shop/web:1',
    ...lines.map((line) => `    ${line}`),
  ]
  const waits = 'depends_on: { migrate: { condition: service_completed_successfully } }'

  it('takes the command of a service that is its twin in all else', async () => {
    const same = ['environment: { A: b, C: d }', 'volumes: ["./sql:/sql:ro"]', 'user: "5"']
    const { adopted, left } = await load({
      'compose.yml': compose(
        ...app('web', waits, ...same),
        ...app('migrate', 'command: up', ...same),
      ),
    })
    expect(adopted.migrate).toEqual({ from: 'migrate', service: 'web', command: ['up'] })
    expect(left).toEqual([])
  })

  it.each([
    ['environment', 'environment: { DATABASE_URL: "postgres://owner@db" }'],
    ['volumes', 'volumes: ["./sql:/sql:ro"]'],
    ['user', 'user: "0"'],
    ['working_dir', 'working_dir: /sql'],
  ])('leaves one of another %s', async (what, line) => {
    const { adopted, left } = await load({
      'compose.yml': compose(...app('web', waits), ...app('migrate', 'command: up', line)),
    })
    expect(adopted.migrate).toBeNull()
    expect(left).toEqual([expect.stringContaining(`run it as web, whose ${what}`)])
  })

  it('makes none of a database', async () => {
    const { adopted, left } = await load({
      'compose.yml': compose(
        ...app('web', waits),
        '  db: { image: "postgres:17" }',
        '  migrate: { image: "postgres:17", command: psql -f /init/init.sql }',
      ),
    })
    expect(adopted.migrate).toBeNull()
    expect(left).toEqual([expect.stringContaining('db, which has its image, is a server of data')])
  })
})
