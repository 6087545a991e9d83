import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runVerb } from '../../../test/verb.ts'
import { runOk } from '../../io/host/processes/process.ts'
import { fakeRandom, fakeToken } from '../secrets/fake.ts'
import { loadHistory } from './history.load.ts'

let folder = ''
const git = (...argv: string[]) =>
  runOk('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@team.example', ...argv])
const write = (file: string, text: string) => {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}
const commit = async (files: Record<string, string>) => {
  for (const [file, text] of Object.entries(files)) write(file, text)
  await git('add', '--force', '--all')
  await git('commit', '--quiet', '--allow-empty', '--message', 'x')
  const { stdout } = await git('rev-parse', 'HEAD')
  return stdout.slice(0, 12)
}
const found = async (commitsMax = 100) =>
  (await loadHistory(folder, commitsMax)).findings.map(
    ({ place, detail }) => `${place.file}:${place.line}:${place.column} ${detail}`,
  )

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-history-'))
  await git('init', '--quiet')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('loadHistory', () => {
  it('tells where a secret came in, though it was moved, taken back in and removed', async () => {
    await commit({ 'a.py': 'x = 1\n' })
    const bad = await commit({ 'a.py': `x = 1\nTOKEN = "${fakeToken}"\n` })
    await git('mv', 'a.py', 'b.py')
    await commit({})
    await commit({ 'b.py': 'x = 1\n' })
    await commit({ 'c.py': `TOKEN = "${fakeToken}"\n` })
    await git('rm', '--quiet', 'c.py', 'b.py')
    await commit({})
    expect(await found()).toEqual([`${bad}:a.py:2:10 The commit added a GitHub token.`])
  })

  it('knows files of values, Compose files and Dockerfiles by what they are', async () => {
    const bad = await commit({
      '.env': 'API_TOKEN=tulip9\nPORT=3000\n',
      '.env.example': 'API_TOKEN=tulip9\n',
      'db.env': 'DB_PASSWORD2=tulip9\n',
      'compose.yml':
        'services:\n  db:\n    environment:\n      - DB_PASSWORD=tulip9\n      - A=${DB_PASSWORD}\n',
      'api/Dockerfile': 'FROM x\nENV API_KEY=tulip9\nARG TOKEN\n',
      'notes.txt': `x ${fakeRandom}\n`,
    })
    expect((await found()).toSorted()).toEqual([
      `${bad}:.env:1:1 The commit added a value for \`API_TOKEN\`.`,
      `${bad}:api/Dockerfile:2:5 The commit added a value for \`API_KEY\`.`,
      `${bad}:compose.yml:4:9 The commit added a value for \`DB_PASSWORD\`.`,
      `${bad}:db.env:1:1 The commit added a value for \`DB_PASSWORD2\`.`,
    ])
  })

  it('looks for the values of the environments as they stand, in every branch', async () => {
    const values = 'SMTP_PASSWORD=tulip-harbour-nine\n'
    await commit({
      'zarpe.yml':
        'app: a\nservers: { m: d@vps.example }\nenvironments: { production: { servers: [m] } }\n',
    })
    await git('switch', '--quiet', '--create', 'other')
    const bad = await commit({ 'a "b" ü.md': 'It is tulip-harbour-nine.\n' })
    await git('switch', '--quiet', '-')
    write('.env.production', values)
    expect(await found()).toEqual([
      `${bad}:a "b" ü.md:1:7 The commit added the value of \`SMTP_PASSWORD\` in production.`,
    ])
  })

  it('finds what a merge itself brought in', async () => {
    await commit({ 'a.py': 'x = 1\n' })
    await git('switch', '--quiet', '--create', 'other')
    await commit({ 'b.py': 'y = 1\n' })
    await git('switch', '--quiet', '-')
    await commit({ 'c.py': 'z = 1\n' })
    await git('merge', '--quiet', '--no-ff', '--no-commit', 'other')
    const bad = await commit({ 'c.py': `TOKEN = "${fakeToken}"\n` })
    expect(await found()).toEqual([`${bad}:c.py:1:10 The commit added a GitHub token.`])
  })

  it('is bounded, and says what it left out', async () => {
    await commit({ 'a.py': `TOKEN = "${fakeToken}"\n` })
    await commit({ 'b.py': 'x = 1\n' })
    expect(await loadHistory(folder, 1)).toMatchObject({
      commits: 1,
      findings: [],
      notes: ['the newest 1 of 2 commits were looked at; --commits looks at more'],
    })
  })

  it('is a verb: exit code, places, no secret, a reason turns it off', async () => {
    const bad = await commit({ 'a.py': `TOKEN = "${fakeToken}"\n` })
    const asked = await runVerb(['-C', folder, '--json', 'check', '--history'], '')
    expect(asked.code).toBe(3)
    expect(asked.events[0]).toMatchObject({
      type: 'finding',
      rule: 'secret-in-history',
      place: { file: `${bad}:a.py`, line: 1 },
    })
    expect(asked.said).not.toContain(fakeToken)
    write(
      'zarpe.yml',
      'app: a\nservers: { m: d@vps.example }\nenvironments: { production: { servers: [m] } }\ncheck: { off: { secret-in-history: renewed in May 2026 } }\n',
    )
    const quiet = await runVerb(['-C', folder, '--json', 'check', '--history'], '')
    expect(quiet).toMatchObject({ code: 0, last: { off: 1, errors: 0 } })
  })

  it('has nothing to say of a repository without a commit', async () => {
    expect(await loadHistory(folder, 10)).toMatchObject({ commits: 0, findings: [] })
  })
})
