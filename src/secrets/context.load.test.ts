import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { service } from '../../test/twin.ts'
import { buildNotes } from './context.load.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-context-'))
  mkdirSync(join(folder, 'web'))
  for (const name of ['.env.production', 'web/tls.key']) writeFileSync(join(folder, name), '')
})
afterEach(() => rmSync(folder, { recursive: true }))

const files = ['.env.production', 'web/tls.key', '.env.other']

const notes = (context: string) => {
  const { image, ...rest } = service('web')
  if (image.from !== 'build') throw new Error('the service of the twin is built')
  const build = { ...image.build, context }
  return buildNotes({ services: [{ ...rest, image: { from: 'build', build } }] }, folder, files)
}

it('names the files of secrets that a build could take', async () => {
  expect(await notes(folder)).toEqual([
    expect.stringContaining('.env.production'),
    expect.stringContaining('web/tls.key'),
  ])
  expect(await notes(join(folder, 'web'))).toEqual([
    'the build of web can copy tls.key into its image; add to .dockerignore: tls.key',
  ])
})

it('is silent about what is kept out, and about contexts elsewhere', async () => {
  writeFileSync(join(folder, '.dockerignore'), '.env*\n')
  expect(await notes(folder)).toEqual([expect.stringContaining('web/tls.key')])
  writeFileSync(join(folder, 'Dockerfile.dockerignore'), '**/*.key\n')
  expect(await notes(folder)).toEqual([expect.stringContaining('.env.production')])
  expect(await notes('https://git.example/shop.git')).toEqual([])
})
