import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runOk } from '../../io/host/processes/process.ts'
import { fakeToken } from '../secrets/fake.ts'
import { judge } from '../judge.ts'
import { rules } from '../rules.ts'
import { loadRepository } from './repository.load.ts'
import { loadStaged } from './staged.load.ts'

// On real repositories: what counts is what git is about to commit.

let folder = ''
const git = (...argv: string[]) =>
  runOk('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@team.example', ...argv])
const write = (file: string, text: string) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}
const found = async (below = '.') => {
  const { project, notes } = await loadStaged(join(folder, below))
  const report = judge(
    rules.filter(({ staged }) => staged),
    [project],
    { problems: [], notes },
  )
  expect(report.problems).toEqual([])
  return report.findings.map(({ rule, place }) => `${rule.id} ${place.file}:${place.line}`)
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-staged-'))
  await git('init', '--quiet')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('loadStaged', () => {
  it('says why git tells nothing, as of a repository of another user', async () => {
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1')
    await expect(loadStaged(folder)).rejects.toThrow('environment/git-refuses')
    expect((await loadRepository(folder)).problems).toMatchObject([
      { code: 'environment/git-refuses' },
    ])
    vi.unstubAllEnvs()
    expect(await loadRepository(folder)).toMatchObject({ tracked: [], problems: [] })
  })

  it('finds secrets in a first commit, in every kind of file', async () => {
    write('app.py', `\nTOKEN = "${fakeToken}"\n`)
    write('compose.yml', 'services:\n  web:\n    environment:\n      API_KEY: ${API_KEY:-abc}\n')
    write('api/Dockerfile', 'FROM node:24\nENV API_KEY=Kw8rTz1p\n')
    write('.env', 'API_KEY=Kw8rTz1p\n')
    await git('add', '--force', '.')
    expect(await found()).toEqual([
      'secret-fallback compose.yml:4',
      'secret-in-dockerfile api/Dockerfile:2',
      'secret-in-code app.py:2',
      'env-file-tracked .env:1',
    ])
  })

  it.each([
    ['a key twice', 'services: {}\nservices:\n'],
    ['an alias in itself', 'x-a: &a { b: *a }\nservices:\n'],
  ])('looks into a Compose file with a mistake, such as %s, and says so', async (_what, start) => {
    write('compose.yml', `${start}  db:\n    environment:\n      DB_PASSWORD: Kw8rTz1pQ0\n`)
    await git('add', '.')
    expect(await found()).toEqual([`secret-in-code compose.yml:${start.split('\n').length + 2}`])
    expect((await loadStaged(folder)).notes).toEqual([
      'compose.yml is no valid YAML: secrets were looked for in its lines',
    ])
  })

  it('knows a file of values by what the Compose file says, staged or not', async () => {
    write('compose.yml', 'services:\n  db: { env_file: [{ path: ./conf/db }, null] }\n')
    write('conf/db', 'POSTGRES_PASSWORD=tulip\n')
    await git('add', 'conf')
    expect(await found()).toEqual(['env-file-tracked conf/db:1'])
  })

  it('passes a commit that only deletes files, of secrets too', async () => {
    write('app.py', `TOKEN = "${fakeToken}"\n`)
    write('.env', 'API_KEY=Kw8rTz1p\n')
    await git('add', '--force', '.')
    await git('commit', '--quiet', '--message', 'first')
    await git('rm', '--quiet', 'app.py', '.env')
    expect(await found()).toEqual([])
  })

  it('passes when nothing is staged', async () => {
    write('app.py', `TOKEN = "${fakeToken}"\n`)
    expect(await found()).toEqual([])
  })

  it('looks at what is staged, not at what lies in the folder', async () => {
    write('app.py', `TOKEN = "${fakeToken}"\n`)
    await git('add', '.')
    write('app.py', 'TOKEN = read()\n')
    expect(await found()).toEqual(['secret-in-code app.py:1'])
    await git('add', '.')
    write('app.py', `TOKEN = "${fakeToken}"\n`)
    expect(await found()).toEqual([])
  })

  it('works below the top of a repository, with odd names, and leaves nothing behind', async () => {
    write('shop/a "b" ü.py', `TOKEN = "${fakeToken}"\n`)
    write('other/c.py', `TOKEN = "${fakeToken}"\n`)
    await git('add', '.')
    expect(await found('shop')).toEqual(['secret-in-code a "b" ü.py:1'])
    const { stdout } = await git('status', '--porcelain', '-z')
    expect(stdout.split('\0').filter(Boolean)).toHaveLength(2)
  })

  it('honours what zarpe.yml turns off', async () => {
    write('app.py', `TOKEN = "${fakeToken}"\n`)
    write(
      'zarpe.yml',
      'app: shop\nservers: { main: deploy@vps.example }\nenvironments: { production: { servers: [main] } }\ncheck: { off: { secret-in-code: keys of a public sandbox } }\n',
    )
    await git('add', 'app.py')
    expect(await found()).toEqual([])
  })

  it('says so outside a repository', async () => {
    rmSync(join(folder, '.git'), { recursive: true })
    await expect(loadStaged(folder)).rejects.toMatchObject({
      data: { code: 'check/no-repository' },
    })
  })

  it('looks below a folder whose name begins or ends with a space', async () => {
    write(' apps /pay.py', `TOKEN = "${fakeToken}"\n`)
    await git('add', '.')
    expect(await found(' apps ')).toEqual(['secret-in-code pay.py:1'])
  })

  it('knows a key in a line however long it is', async () => {
    const key = ['-----BEGIN', 'PRIVATE', 'KEY-----'].join(' ')
    write('account.json', JSON.stringify({ private_key: `${key}\n${'MIIEvQ2a'.repeat(400)}` }))
    await git('add', '.')
    expect(await found()).toEqual(['secret-in-code account.json:1'])
  })
})
