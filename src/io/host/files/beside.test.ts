import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withPathBeside } from './beside.ts'
import { createDurable } from './durable.ts'
import { writeOwned } from './owned.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-beside-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)

const git = (...argv: string[]) =>
  execFileSync('git', ['-C', folder, ...argv], { encoding: 'utf8' }).trim()

describe('a file that is not whole yet', () => {
  it.each([
    ['.env.production', '.env*'],
    ['.env.production', '.env.*'],
    ['.env.production', '/.env.*'],
    ['.env.production', '.env.production'],
    ['web.env', '*.env'],
    ['web.env', 'web.env'],
    ['.env.production', '/.env.production'],
    ['config/.env.prod', 'config/.env.prod'],
    ['.env.production', '# nothing'],
  ])('is kept from git as %s is by %s', async (name, pattern) => {
    git('init', '-q')
    mkdirSync(at('config'))
    writeFileSync(at('.gitignore'), `${pattern}\n`)
    git('add', '.')
    await withPathBeside(at(name), async (temporary) => {
      writeFileSync(temporary, 'TOKEN=zq-1\n')
      git('add', '.')
      expect(git('ls-files')).toBe('.gitignore')
      expect(existsSync(temporary)).toBe(true)
    })
  })

  it('of which something was left behind goes with the next one, and nothing else does', async () => {
    const others = ['.env.production.pulled', '.env.production.0123456789AB', '.env.production.x']
    const left = '.env.production.0123456789ab'
    const young = '.env.production.abcdefabcdef'
    for (const name of [...others, left, young]) {
      mkdirSync(at(name))
      if (name !== young) utimesSync(at(name), 1, 1)
    }
    writeFileSync(at('.env.production.0123456789ac'), 'mine')
    utimesSync(at('.env.production.0123456789ac'), 1, 1)
    await writeOwned(at('.env.production'), 'A=1\n', { mode: 0o600 })
    expect(readdirSync(folder).toSorted()).toEqual(
      ['.env.production', '.env.production.0123456789ac', young, ...others].toSorted(),
    )
  })

  it('is not there after a failure, nor after a file that exists', async () => {
    await expect(
      withPathBeside(at('a'), async (temporary) => {
        writeFileSync(temporary, 'half')
        throw new Error('full')
      }),
    ).rejects.toThrow('full')
    expect(readdirSync(folder)).toEqual([])
    expect(await createDurable(at('a'), 'first')).toBe(true)
    expect(await createDurable(at('a'), 'second')).toBe(false)
    expect(readFileSync(at('a'), 'utf8')).toBe('first')
    expect(readdirSync(folder)).toEqual(['a'])
  })
})
