import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parse } from 'yaml'
import { runVerb } from '../../test/verb.ts'

let folder = ''
const init = () => runVerb(['-C', folder, '--json', 'init'], '')
const put = (file: string, text: string) => writeFileSync(join(folder, file), text)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-init-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it.each([
  ['bad indentation', 'services:\n  web:\n    image: a\n   ports: []\n', 'compose/not-yaml'],
  ['a tab', 'services:\n\tweb: 1\n', 'compose/not-yaml'],
  ['a key twice', 'services:\n  web: {image: a, image: b}\n', 'compose/not-yaml'],
  ['nothing', '', 'compose/empty'],
  ['a list', '[]', 'compose/empty'],
  ['no services', 'services: {}\n', 'compose/empty'],
])('writes nothing for a Compose file with %s', async (_what, text, code) => {
  put('compose.yml', text)
  const { code: exit, codes } = await init()
  expect([exit, [...new Set(codes)]]).toEqual([3, [code]])
  expect(existsSync(join(folder, 'zarpe.yml'))).toBe(false)
})

it('takes the name of the Compose file, and says what it leaves out', async () => {
  put('compose.yml', 'name: My_Shop\nservices: { web: { image: a, ports: ["8080:80"] } }\n')
  for (const file of ['compose.override.yml', '.env', '.env.example', '.env.schema']) put(file, '')
  const { code, last } = await init()
  expect(code).toBe(0)
  expect(last).toMatchObject({
    app: 'my-shop',
    services: [{ name: 'web', port: 80 }],
    environmentFiles: [],
    notes: [expect.stringContaining('compose.override.yml'), expect.stringContaining('cp .env ')],
  })
})

it('names the folders of a monorepo that have a Compose file', async () => {
  for (const each of ['apps/api', 'apps/site', 'node_modules/x']) {
    mkdirSync(join(folder, each), { recursive: true })
    put(`${each}/compose.yml`, 'services: {}\n')
  }
  const { events } = await init()
  expect(events[0]).toMatchObject({
    code: 'config/no-compose',
    fix: [`zarpe -C ${folder}/apps/api init`, `zarpe -C ${folder}/apps/site init`],
  })
})

it('offers a first Compose file whose health check Compose takes', async () => {
  const { events } = await init()
  const [command] = events[0]!['fix'] as string[]
  const text = /'(.*)'/.exec(command!)![1]!.replaceAll('\\n', '\n')
  expect(parse(text)).toEqual({
    services: { web: { build: '.', healthcheck: { test: ['CMD', 'true'] } } },
  })
  expect(command).toContain(`> ${folder}/compose.yml`)
})

it('says that a folder does not exist', async () => {
  expect(await runVerb(['-C', `${folder}/nope`, '--json', 'check'], '')).toMatchObject({
    code: 3,
    codes: ['config/no-folder'],
  })
})
