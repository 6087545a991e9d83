import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { run } from '../../src/io/host/processes/process.ts'
import { runVerb } from '../verb.ts'

// Projects of the kind that people bring, taken over by `zarpe init --from` and looked at by `zarpe
// check`, with the real `docker compose`. The files of test/fixtures/adopt are invented.

const folders: string[] = []
afterEach(() => folders.splice(0).forEach((each) => rmSync(each, { recursive: true })))

const bring = async (name: string, files: Record<string, string> = {}) => {
  const folder = join(mkdtempSync(join(tmpdir(), 'zarpe-adopt-')), name)
  folders.push(join(folder, '..'))
  cpSync(join(import.meta.dirname, '../fixtures/adopt', name), folder, { recursive: true })
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(folder, file), text)
    chmodSync(join(folder, file), 0o600)
  }
  writeFileSync(join(folder, '.gitignore'), '.env*\n!.env.schema\n!.env.example\n')
  await run('git', ['-C', folder, 'init', '--quiet'])
  await run('git', ['-C', folder, 'add', '--all'])
  return folder
}

type Result = {
  routes: string[]
  replaced: string[]
  left: string[]
  refused: string[]
  notes: string[]
  files: string[]
}
type Place = { file: string; line: number }

const adopt = async (folder: string, ...from: string[]): Promise<Result> => {
  const before = from.map((file) => readFileSync(join(folder, file), 'utf8'))
  const { code, last, said } = await runVerb(
    ['-C', folder, '--json', 'init', '--from', ...from],
    '',
  )
  expect(code, said).toBe(0)
  expect(from.map((file) => readFileSync(join(folder, file), 'utf8'))).toEqual(before)
  const at = (place?: Place) => (place ? `${place.file}:${place.line} ` : '')
  const result = last as unknown as {
    adopted: { routes: { domain: string; path: string; upstream: string; from: string[] }[] }
    replaced: { service: string }[]
    left: { what: string; place: Place }[]
    refused: { detail: string; place?: Place }[]
    notes: string[]
    files: string[]
  }
  return {
    routes: result.adopted.routes.map(
      (each) => `${each.domain}${each.path} ${each.upstream} ${each.from.join(' ')}`,
    ),
    replaced: result.replaced.map(({ service }) => service),
    left: result.left.map(({ what, place }) => at(place) + what),
    refused: result.refused.map(({ detail, place }) => at(place) + detail),
    notes: result.notes,
    files: result.files,
  }
}

/** What `check` refuses, values apart: nothing but what init told, in the same words. */
const refusedByCheck = async (folder: string) => {
  const { events } = await runVerb(['-C', folder, '--json', 'check', '--no-values'], '')
  return events
    .filter(({ type }) => type === 'problem')
    .map((each) => {
      const place = each['place'] as Place | undefined
      return `${place ? `${place.file}:${place.line} ` : ''}${String(each['detail'])}`
    })
}

describe('zarpe init --from', () => {
  it('a Caddyfile, anchors, a migration that others wait for, a profile', async () => {
    const folder = await bring('onquota', { '.env.production': '' })
    const result = await adopt(folder, 'docker-compose.yml')
    expect(result).toMatchObject({
      files: ['zarpe.yml', 'compose.zarpe.yml', '.env.schema'],
      routes: [
        'api.onquota.example/ backend:8000 Caddyfile:33',
        'onquota.example/ frontend:3000 Caddyfile:27',
        'onquota.example/api/v1 backend:8000 Caddyfile:24',
      ],
      replaced: ['caddy', 'migrate'],
      left: [
        'Caddyfile:39 flower.onquota.example/, which basic_auth protects',
        'Caddyfile:46 redir https://onquota.example{uri} permanent',
      ],
      refused: [],
      notes: [expect.stringContaining('COMPOSE_PROFILES=monitoring')],
    })
    expect(readFileSync(join(folder, 'zarpe.yml'), 'utf8')).toContain(
      'migrate: { service: backend, command: ["alembic","upgrade","head"] }',
    )
    expect(await refusedByCheck(folder)).toEqual([])
  })

  it('nginx over several files, a container name, a broker under a path', async () => {
    const folder = await bring('jupiter')
    const result = await adopt(folder, 'docker-compose.yml')
    expect(result.routes).toEqual([
      'jupiter.example/ web:3000 nginx/conf.d/jupiter.conf:22',
      'jupiter.example/api api:8080 nginx/conf.d/jupiter.conf:29',
    ])
    expect(result.replaced).toEqual(['nginx'])
    expect(result.left.map((each) => each.split(' ')[0])).toEqual([
      'nginx/nginx.conf:8',
      'nginx/nginx.conf:9',
      ...[28, 30, 34, 39, 43].map((line) => `nginx/conf.d/jupiter.conf:${line}`),
    ])
    expect(result.refused).toEqual([expect.stringContaining('initdb')])
    expect(await refusedByCheck(folder)).toEqual(result.refused)
  })

  it('extends over files, an env_file, what no overlay can decide', async () => {
    const folder = await bring('octavios')
    const result = await adopt(folder, 'docker-compose.yml')
    expect(result.refused).toHaveLength(4)
    expect(await refusedByCheck(folder)).toEqual(result.refused)
    const overlay = readFileSync(join(folder, 'compose.zarpe.yml'), 'utf8')
    // As the user would who can do without.
    const decided = overlay
      .replace(/^services: .*\n/m, '')
      .replaceAll(/^# (?=( {2})*[\w-]+:)/gm, '')
    writeFileSync(join(folder, 'compose.zarpe.yml'), decided)
    expect(await refusedByCheck(folder)).toEqual([expect.stringContaining('mongo')])
  })

  it('nginx that serves files too, and stays', async () => {
    const folder = await bring('mesa')
    const result = await adopt(folder, 'compose.yaml')
    expect(result).toMatchObject({
      files: ['zarpe.yml', '.env.schema'],
      routes: [
        'mesa.example/ nginx:80 nginx/mesa.conf:12',
        'mesa.example/api backend:8000 nginx/mesa.conf:16',
        'mesa.example/ws backend:8000 nginx/mesa.conf:19',
      ],
      replaced: [],
      left: ['nginx/mesa.conf:10 client_max_body_size 10m'],
      refused: [],
    })
    expect(await refusedByCheck(folder)).toEqual([])
  })

  it('a file of version 2.4 with an overlay, links, a proxy that is not read', async () => {
    const folder = await bring('legacy')
    const result = await adopt(folder, 'docker-compose.yml', 'docker-compose.prod.yml')
    expect(result.refused.map((each) => /`services\.(.+)`/.exec(each)?.[1])).toEqual([
      'app.volumes_from',
      'sidekiq.links',
      'db.mem_swappiness',
      'app.cpu_shares',
      undefined,
    ])
    expect(result.refused.at(-1)).toContain('haproxy.cfg')
    expect(result.notes).toEqual([
      expect.stringContaining('adminer is left out'),
      expect.stringContaining('web looks like a proxy'),
    ])
    expect(await refusedByCheck(folder)).toEqual(result.refused)
  })

  it('labels of Traefik, its network, a domain from .env', async () => {
    const folder = await bring('traefik', { '.env': 'DOMAIN=shop.example\n' })
    const result = await adopt(folder, 'docker-compose.yml')
    expect(result.routes).toEqual([
      'shop.example/ web:8080 docker-compose.yml:19',
      'shop.example/api api:9000 docker-compose.yml:29',
      'shop.example/graphql api:9000 docker-compose.yml:29',
      'www.shop.example/ web:8080 docker-compose.yml:19',
    ])
    expect(result.replaced).toEqual(['traefik'])
    expect(result.left).toHaveLength(4)
    expect(result.refused).toEqual([])
    expect(await refusedByCheck(folder)).toEqual([])
    const written = readFileSync(join(folder, '.env.schema'), 'utf8')
    expect(written).toMatch(/^MARIADB_ROOT_PASSWORD=$/m)
  })

  it('touches nothing that is there, and says so of files that are not', async () => {
    const folder = await bring('traefik', { 'compose.zarpe.yml': 'services: {}\n' })
    const init = (...from: string[]) =>
      runVerb(['-C', folder, '--json', 'init', '--from', ...from], '')
    expect((await init('docker-compose.yml')).codes).toEqual(['config/overlay-exists'])
    expect((await init('other.yml')).codes).toEqual(['compose/missing-file'])
    expect((await init('../docker-compose.yml')).codes).toEqual(['config/compose-elsewhere'])
    expect(existsSync(join(folder, 'zarpe.yml'))).toBe(false)
    writeFileSync(join(folder, 'zarpe.yml'), 'app: x\n')
    expect((await init('docker-compose.yml')).codes).toEqual(['config/exists'])
    expect(readFileSync(join(folder, 'zarpe.yml'), 'utf8')).toBe('app: x\n')
  })
})
