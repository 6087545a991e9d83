import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runOk } from '../../io/host/processes/process.ts'
import { installHook, uninstallHook } from './hook.run.ts'

// Commits that run it are in test/scenarios/hook.test.ts.

const program = { node: process.execPath, path: join(import.meta.dirname, '../../main.ts') }
let folder = ''
const write = (file: string, text: string) => {
  mkdirSync(join(folder, file, '..'), { recursive: true })
  writeFileSync(join(folder, file), text)
}
const hook = () => join(folder, '.git/hooks/pre-commit')

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-hook-'))
  await runOk('git', ['-C', folder, 'init', '--quiet'])
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the hook', () => {
  it.each([
    ['husky', '.husky/pre-commit', 'npm test\n', 'husky'],
    ['pre-commit', '.pre-commit-config.yaml', 'repos: []\n', '.pre-commit-config.yaml'],
    ['lefthook', 'lefthook.yml', 'pre-commit: {}\n', 'lefthook.yml'],
  ])('leaves the repository to %s and says what to add', async (name, file, text, fix) => {
    write(file, text)
    const thrown = await installHook(folder, program).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ data: { code: 'check/hooks-managed' } })
    expect(JSON.stringify(thrown)).toContain(fix)
    expect(JSON.stringify(thrown)).toContain(name)
    expect(existsSync(hook())).toBe(false)
  })

  it('writes into no folder that all repositories share', async () => {
    const shared = mkdtempSync(join(tmpdir(), 'zarpe-hooks-'))
    const config = join(shared, 'config')
    execFileSync('git', ['config', '--file', config, 'core.hooksPath', shared])
    const before = process.env['GIT_CONFIG_GLOBAL']
    process.env['GIT_CONFIG_GLOBAL'] = config
    try {
      await expect(installHook(folder, program)).rejects.toMatchObject({
        data: { code: 'check/hooks-shared' },
      })
    } finally {
      if (before === undefined) delete process.env['GIT_CONFIG_GLOBAL']
      else process.env['GIT_CONFIG_GLOBAL'] = before
    }
    expect(existsSync(join(shared, 'pre-commit'))).toBe(false)
    rmSync(shared, { recursive: true })
  })

  it('goes on for the other products of a repository when one of them has it taken away', async () => {
    const [first, second] = ['apps/a.b', 'apps/aXb'].map((each) => join(folder, each)) as [
      string,
      string,
    ]
    for (const each of [first, second]) mkdirSync(each, { recursive: true })
    const folders = async () =>
      (await runOk('git', ['-C', folder, 'config', '--get-all', 'zarpe.folder'])).stdout.trim()
    await installHook(first, program)
    expect(await installHook(second, program)).toMatchObject({ others: ['apps/a.b'] })
    expect(await uninstallHook(folder)).toMatchObject({ outcome: 'none' })
    expect(await uninstallHook(first)).toMatchObject({ outcome: 'removed', others: ['apps/aXb'] })
    expect(existsSync(hook())).toBe(true)
    expect(await folders()).toBe('apps/aXb')
    expect(await uninstallHook(second)).toMatchObject({ outcome: 'removed', others: [] })
    expect(existsSync(hook())).toBe(false)
    await expect(folders()).rejects.toThrow()
  })

  it('is kept by no product whose folder is gone', async () => {
    const [first, second, third] = ['a', 'b', 'c'].map((each) => join(folder, each)) as [
      string,
      string,
      string,
    ]
    for (const each of [first, second, third]) {
      mkdirSync(each)
      await installHook(each, program)
    }
    rmSync(first, { recursive: true })
    expect(await installHook(third, program)).toMatchObject({ others: ['b'] })
    expect(await uninstallHook(third)).toMatchObject({
      outcome: 'removed',
      others: ['b'],
      gone: ['a'],
    })
    rmSync(second, { recursive: true })
    expect(await uninstallHook(folder)).toMatchObject({
      outcome: 'removed',
      others: [],
      gone: ['b'],
    })
    expect(existsSync(hook())).toBe(false)
  })

  it('overwrites no hook that it keeps', async () => {
    write('.git/hooks/pre-commit', 'first\n')
    await installHook(folder, program)
    write('.git/hooks/pre-commit', 'second\n')
    await expect(installHook(folder, program)).rejects.toMatchObject({
      data: { code: 'check/hooks-two' },
    })
    expect(readFileSync(hook(), 'utf8')).toBe('second\n')
    expect(readFileSync(`${hook()}.before-zarpe`, 'utf8')).toBe('first\n')
  })

  it('says so outside a repository', async () => {
    rmSync(join(folder, '.git'), { recursive: true })
    await expect(installHook(folder, program)).rejects.toMatchObject({
      data: { code: 'check/no-repository' },
    })
  })
})
