import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkConfig } from '../../config/check.ts'
import { locate } from '../../config/places.ts'
import { loadWritten } from './configuration.load.ts'
import { nameInCopy } from '../engines/configuration/names.ts'
import { dataWanted } from './wanted.ts'

let room: string

const files: Record<string, string> = {
  'shop/zarpe.yml': 'app: shop\n',
  'shop/compose.yml': `include: [more/one.yml, { path: [more/two.yml, more/not-there.yml] }]
services:
  web: { extends: { file: ../shared.yml, service: base } }
  worker: { extends: web }
`,
  'shop/more/one.yml': 'include: [two.yml, ../compose.yml]\n',
  'shop/more/two.yml': 'services: { api: { extends: { file: base.yml } } }\n',
  'shop/more/base.yml': 'services: [not, what, compose, takes]\n',
  'shared.yml': 'services: { base: { image: "nginx:1" } }\n',
  'shop/.env.production.age': 'age-encryption.org/v1 \xff',
  'shop/root.pem': 'a certificate\n',
  'shop/.env.staging.age': 'of another environment',
  'shop/.env.production': 'SECRET=in plain\n',
}

beforeAll(() => {
  room = mkdtempSync(join(tmpdir(), 'zarpe-written-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(room, name)), { recursive: true })
    writeFileSync(join(room, name), text, 'latin1')
  }
})

afterAll(() => rmSync(room, { recursive: true, force: true }))

describe('what is written of a product', () => {
  const load = async () => {
    const compose = [locate('compose.yml', files['shop/compose.yml']!)]
    return loadWritten(join(room, 'shop'), 'production', compose, ['root.pem'])
  }

  it('is every file that Compose reads, the encrypted values, and nothing in plain', async () => {
    expect((await load()).map(({ path }) => path)).toEqual([
      ...['../shared.yml', '.env.production.age', 'compose.yml'],
      ...['more/base.yml', 'more/one.yml', 'more/two.yml', 'root.pem', 'zarpe.yml'],
    ])
  })

  it('is there byte for byte', async () => {
    const found = (await load()).find(({ path }) => path === '.env.production.age')!
    const bytes = Buffer.from(files['shop/.env.production.age']!, 'latin1')
    expect(Buffer.from(found.base64, 'base64')).toEqual(bytes)
  })

  it.each([
    ['zarpe.yml', 'project/zarpe.yml'],
    ['../../infra/./compose.yml', 'project/_above/_above/infra/compose.yml'],
    ['/etc/passwd', 'project/etc/passwd'],
  ])('%s lies at %s of a copy', (path, name) => expect(nameInCopy(path)).toBe(name))
})

describe('the configuration as data', () => {
  const wanted = (text: string) => {
    const located = locate('zarpe.yml', `app: shop\nservers: { main: deploy@vps.example }\n${text}`)
    const { config, problems } = checkConfig(located)
    if (!config) return { settings: null, problems }
    return dataWanted({
      located,
      config,
      project: 'shop-production',
      environment: 'production',
      values: {},
      compose: { services: { db: { image: 'postgres:17' } } },
      written: [{ path: 'zarpe.yml', base64: 'YQ==' }],
    })
  }
  const environment = 'environments: { production: { servers: [main] } }\n'

  it('is backed up if it is wanted, with what was written', () => {
    expect(wanted(environment).settings).toBeNull()
    const { settings, problems } = wanted(
      `${environment}backups: { configuration: { at: "02:30" } }`,
    )
    expect(problems).toEqual([])
    expect(settings?.datasets).toEqual([
      expect.objectContaining({
        name: 'configuration',
        at: ['02:30'],
        files: [{ path: 'zarpe.yml', base64: 'YQ==' }],
        beforeMigrations: false,
      }),
    ])
  })

  it.each([
    ['backups: { configuration: { keep: { nowhere: 7d } } }', 'config/unknown-store', 4],
    [
      'backups: { configuration: {} }\ndatabases: { configuration: { postgres: { service: db } } }',
      ...(['config/same-dataset', 5] as const),
    ],
  ])('%s is refused', (text, code, line) => {
    const place = expect.objectContaining({ line }) as object
    expect(wanted(`${environment}${text}`).problems).toEqual([
      expect.objectContaining({ code, place }),
    ])
  })
})
