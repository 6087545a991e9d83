import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { canMerge } from '../../test/lab/example.ts'
import { loadApp } from '../app/app.load.ts'
import { problemsOf } from '../problem/problem.ts'

// What once took a product down is refused where it was written, before docker or ssh is asked.

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-contract-'))
  write(
    'zarpe.yml',
    `app: chat
servers: { main: deploy@nowhere.invalid }
environments:
  production: { servers: [main], routes: { chat.example: { /: web:3000 } } }
`,
  )
  write(
    'compose.yml',
    'services: { web: { image: "web:1", environment: [SECRET_KEY, ALLOWED_HOSTS] } }\n',
  )
  write(
    '.env.schema',
    '# @required @type=string(minLength=32)\nSECRET_KEY=\n# @required @type=zarpe_hosts\nALLOWED_HOSTS=\n',
  )
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (name: string, content: string) => {
  writeFileSync(join(folder, name), content)
  chmodSync(join(folder, name), 0o600)
}

const told = async () => {
  const thrown: unknown = await loadApp(folder).then(
    () => null,
    (error: unknown) => error,
  )
  return problemsOf(thrown)
}
const places = async () =>
  (await told()).map(({ code, place }) => `${code} ${place?.file}:${place?.line}`)

it('refuses all bad values together, and tells none of them', async () => {
  write('.env.production', 'SECRET_KEY=qzxjkv-short\nALLOWED_HOSTS=["qzxjkv.example"]\n')
  expect(await places()).toEqual([
    'contract/bad-value .env.production:1',
    'contract/bad-value .env.production:2',
  ])
  expect(JSON.stringify(await told())).not.toContain('qzxjkv')
})

it('refuses values that are missing, beside other mistakes', async () => {
  write('compose.yml', 'services: { web: { image: "web:1", privileged: true } }\n')
  expect(await places()).toEqual([
    'compose/not-honoured compose.yml:1',
    'contract/missing-value .env.schema:2',
    'contract/missing-value .env.schema:4',
  ])
})

it.skipIf(!(await canMerge()))('tells a variable without a value once', async () => {
  write(
    'compose.yml',
    'services: { web: { image: "web:1", environment: { A: "${SECRET_KEY}" } } }\n',
  )
  expect(await places()).toEqual([
    'contract/missing-value .env.schema:2',
    'contract/missing-value .env.schema:4',
  ])
})

it('refuses a contract that cannot be read', async () => {
  write('.env.schema', '# @requird\nSECRET_KEY=\n')
  expect(await places()).toEqual(['contract/unknown-decorator .env.schema:1'])
})

it('asks for nothing without a contract', async () => {
  rmSync(join(folder, '.env.schema'))
  write('.env.production', 'SECRET_KEY=short\nALLOWED_HOSTS=[]\n')
  expect((await places()).filter((each) => each.startsWith('contract/'))).toEqual([])
})
