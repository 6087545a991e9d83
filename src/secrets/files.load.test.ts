import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ComposeProject } from '../compose/model.ts'
import { locate } from '../config/places.ts'
import { run } from '../io/host/processes/process.ts'
import { loadFileSecrets } from './files.load.ts'

let folder = ''
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'zarpe-files-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const text = 'services: {}\nsecrets:\n  key: {}\n  value: {}\n  unused: {}\n'

const load = (values: Record<string, string> = {}) => {
  const compose: ComposeProject = {
    services: { web: { secrets: [{ source: 'key' }, { source: 'value' }] } },
    secrets: {
      key: { file: join(folder, 'key') },
      value: { environment: 'VALUE' },
      unused: { file: join(folder, 'nowhere') },
    },
  }
  return loadFileSecrets(folder, compose, [locate('compose.yml', text)], values)
}

const told = async (values?: Record<string, string>) =>
  (await load(values)).problems.map(
    ({ code, place }) => `${code} ${place?.file}:${place?.line}:${place?.column}`,
  )

it('takes a file and a value byte for byte', async () => {
  const bytes = Buffer.from([0, 255, 10, 13, 10, 0x24, 0x7b])
  writeFileSync(join(folder, 'key'), bytes)
  const { contents, problems } = await load({ VALUE: 'é\n$x ' })
  expect(problems).toEqual([])
  expect(Buffer.from(contents['key']!, 'base64')).toEqual(bytes)
  expect(Buffer.from(contents['value']!, 'base64').toString()).toBe('é\n$x ')
  expect(Object.keys(contents).toSorted()).toEqual(['key', 'value'])
})

it('tells all that is missing, empty or too large at once, with its place', async () => {
  expect(await told()).toEqual([
    'compose/secret-missing compose.yml:3:8',
    'compose/secret-missing compose.yml:4:10',
  ])
  writeFileSync(join(folder, 'key'), 'x'.repeat(512_000))
  expect(await told({ VALUE: '' })).toEqual([
    'compose/secret-size compose.yml:3:8',
    'compose/secret-size compose.yml:4:10',
  ])
  writeFileSync(join(folder, 'key'), 'x'.repeat(511_999))
  expect(await told({ VALUE: 'x' })).toEqual([])
})

it('takes a link that leads to itself for no file', async () => {
  symlinkSync('key', join(folder, 'key'))
  expect(await told({ VALUE: 'x' })).toEqual(['compose/secret-missing compose.yml:3:8'])
})

it('refuses a file that git has or would take', async () => {
  writeFileSync(join(folder, 'key'), 'zq-secret')
  await run('git', ['-C', folder, 'init', '-q'])
  expect(await told({ VALUE: 'x' })).toEqual(['environment/not-ignored compose.yml:3:8'])
  await run('git', ['-C', folder, 'add', 'key'])
  expect(await told({ VALUE: 'x' })).toEqual(['environment/in-git compose.yml:3:8'])
})
