import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run, runOk } from '../../src/io/host/processes/process.ts'
import { fakeToken } from '../../src/check/secrets/fake.ts'
import { installHook, uninstallHook } from '../../src/check/hook/hook.run.ts'

// On real repositories, with real commits that run the real program.

const program = { node: process.execPath, path: join(import.meta.dirname, '../../dist/zarpe.mjs') }
let folder = ''
const git = (...argv: string[]) =>
  runOk('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@team.example', ...argv])
const write = (file: string, text: string) => {
  mkdirSync(join(folder, file, '..'), { recursive: true })
  writeFileSync(join(folder, file), text)
}
const commit = async () => {
  const argv = ['-c', 'user.name=t', '-c', 'user.email=t@team.example', 'commit', '-m', 'x']
  const asked = await run('git', ['-C', folder, ...argv])
  return { isDone: asked.code === 0, said: asked.stdout + asked.stderr }
}
const hook = () => join(folder, '.git/hooks/pre-commit')

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-hook-'))
  await git('init', '--quiet')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the hook', () => {
  it('stops a commit with a secret, and none that only deletes or renames', async () => {
    write('pay.py', `TOKEN = "${fakeToken}"\n`)
    write('ok.py', 'x = 1\n')
    await git('add', '--all')
    await git('commit', '--quiet', '--message', 'before')
    expect(await installHook(folder, program)).toMatchObject({ outcome: 'installed', kept: false })
    expect(await installHook(folder, program)).toMatchObject({ outcome: 'unchanged' })
    write('new.py', `TOKEN = "${fakeToken}"\n`)
    await git('add', 'new.py')
    const stopped = await commit()
    expect(stopped.isDone).toBe(false)
    expect(stopped.said).toContain('new.py:1:10')
    expect(stopped.said).not.toContain(fakeToken)
    await git('rm', '--quiet', '--force', 'new.py', 'pay.py')
    await git('mv', 'ok.py', 'renamed.py')
    const passed = await commit()
    expect(passed.said).toContain('rename ok.py => renamed.py')
  })

  it('looks at what a commit takes, whichever way it is asked for', async () => {
    await installHook(folder, program)
    write('a.py', 'x = 1\n')
    await git('add', 'a.py')
    expect((await commit()).isDone).toBe(true)
    write('a.py', `TOKEN = "${fakeToken}"\n`)
    const all = await run('git', [
      '-C',
      folder,
      '-c',
      'user.name=t',
      '-c',
      'user.email=t@t.example',
      'commit',
      '-am',
      'x',
    ])
    expect(all.code).toBe(1)
    expect(all.stderr).toContain('a.py:1:10')
  })

  it('serves several products of one repository, and worktrees', async () => {
    write('apps/a/zarpe.yml', 'app: a\n')
    write('apps/b/zarpe.yml', 'app: b\n')
    await git('add', '--all')
    await git('commit', '--quiet', '--message', 'first')
    await installHook(join(folder, 'apps/a'), program)
    await installHook(join(folder, 'apps/b'), program)
    write('apps/b/x.py', `TOKEN = "${fakeToken}"\n`)
    await git('add', '--all')
    expect((await commit()).said).toContain('x.py:1:10')
    await git('reset', '--quiet', '--hard')
    const tree = join(folder, 'tree')
    await git('worktree', 'add', '--quiet', tree)
    expect((await installHook(join(tree, 'apps/a'), program)).path).toBe(hook())
    writeFileSync(join(tree, 'apps/a/y.py'), `TOKEN = "${fakeToken}"\n`)
    await runOk('git', ['-C', tree, 'add', '--all'])
    const asked = await run('git', [
      '-C',
      tree,
      '-c',
      'user.name=t',
      '-c',
      'user.email=t@t.example',
      'commit',
      '-m',
      'x',
    ])
    expect([asked.code, asked.stderr]).toEqual([1, expect.stringContaining('y.py:1:10')])
  })

  it('runs a hook that was there first, and gives it its place back', async () => {
    mkdirSync(join(folder, '.git/hooks'), { recursive: true })
    writeFileSync(hook(), '#!/bin/sh\necho earlier >&2\n[ ! -e stop ]\n')
    chmodSync(hook(), 0o755)
    expect(await installHook(folder, program)).toMatchObject({ outcome: 'installed', kept: true })
    write('a.py', 'x = 1\n')
    await git('add', 'a.py')
    expect(await commit()).toMatchObject({ isDone: true, said: expect.stringContaining('earlier') })
    write('stop', '')
    write('a.py', 'x = 2\n')
    await git('add', 'a.py')
    expect((await commit()).isDone).toBe(false)
    expect(await uninstallHook(folder)).toMatchObject({ outcome: 'removed', kept: true })
    expect(readFileSync(hook(), 'utf8')).toContain('echo earlier')
    expect(await uninstallHook(folder)).toMatchObject({ outcome: 'none' })
  })

  it('goes where core.hooksPath of the repository says', async () => {
    await git('config', 'core.hooksPath', 'tools/hooks')
    expect((await installHook(folder, program)).path).toBe(join(folder, 'tools/hooks/pre-commit'))
    write('a.py', `TOKEN = "${fakeToken}"\n`)
    await git('add', 'a.py')
    expect((await commit()).isDone).toBe(false)
  })
})
