import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run, runOk } from '../../src/io/host/processes/process.ts'
import { down, inside } from '../../src/lab/vps.ts'
import { type CliResult, zarpe } from '../lab/cli.ts'
import { figure, isSoak } from '../lab/figures.ts'
import { readyServer } from '../lab/server.ts'
import { canary, hostileNames, withoutBlanks } from './names/hostile.ts'

// Names of everything that has one, each of which would make a file if it ever were a command. All of
// them are refused with a sentence, or they arrive as what they are; no such file appears anywhere.

const server = 'names'
const base = mkdtempSync(join(tmpdir(), 'zarpe-names-'))
/** Seven names that are only judged and eight that go into a release make a round. */
const rounds = isSoak ? 34 : 2
const namesPerRound = 15
const names = hostileNames(rounds * namesPerRound)
/** One name a round has no part in, so the number that is told is the number that was used. */
let used = 0
const next = () => names[used++]!

const text = (value: string) => JSON.stringify(value)

type Config = { app?: string; environment?: string; target?: string; domain?: string }

const config = ({ app, environment, target, domain }: Config) => `app: ${text(app ?? 'names')}
servers: { main: ${text(target ?? `deploy@${server}`)} }
environments:
  ${text(environment ?? 'production')}:
    servers: [main]
    routes: ${domain === undefined ? '{}' : `{ ${text(domain)}: { /: web:3000 } }`}
release: { healthy_within: 45s, watch: 0s }
`

const still = `command: [node, -e, "setInterval(() => {}, 1e9)"]
    stop_signal: SIGKILL
    healthcheck: { disable: true }`

const compose = (service: string, image: string) => `services:
  ${text(service)}:
    ${image}
    ${still}
`

beforeAll(async () => {
  await down(server)
  await readyServer(server)
})

afterAll(async () => {
  rmSync(base, { recursive: true })
  if (!process.env['ZARPE_KEEP']) await down(server)
})

/** Whatever a name is, the program knows what to say: it never calls it a bug of its own. */
const expectTold = (result: CliResult, codes: number[], name: string) => {
  const said = result.stdout + result.stderr
  expect(codes, `${text(name)} ended with ${result.code}: ${said}`).toContain(result.code)
  if (result.code !== 0) expect(said).toMatch(/"type":"problem"|error: /)
}

/** One name in each place where a name is judged before anybody is asked for a connection. */
const judged = async (folder: string) => {
  const unreachable = { target: 'deploy@nowhere.invalid' }
  const places: ((name: string) => Record<string, string>)[] = [
    (name) => ({ 'zarpe.yml': config({ ...unreachable, app: name }) }),
    (name) => ({ 'zarpe.yml': config({ ...unreachable, environment: name }) }),
    (name) => ({ 'zarpe.yml': config({ target: name }) }),
    (name) => ({ 'zarpe.yml': config({ ...unreachable, domain: name }) }),
    (name) => ({ 'compose.yml': compose(name, 'image: node:24-slim') }),
    (name) => ({ 'compose.yml': compose('web', `image: ${text(`node:${name}`)}`) }),
    (name) => ({ 'compose.yml': compose('web', `build: { context: ., target: ${text(name)} }`) }),
  ]
  for (const place of places) {
    const name = next()
    const files = {
      'zarpe.yml': config(unreachable),
      'compose.yml': compose('web', 'image: node:24-slim'),
      ...place(name),
    }
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content)
    expectTold(await zarpe(['plan'], { folder }), [3, 4], name)
  }
}

/** A release whose folder, files, branch, tag, commit, author, operator and value are hostile. */
const released = async (round: number) => {
  const [folderName, context, dockerfile] = [next(), next(), next()].map(
    (name, index) => `${name.replaceAll(/[\0/]/g, '')}${round}${index}`,
  )
  const [branch, tag, subject, by, value] = [next(), next(), next(), next(), next()]
  const plain = join(base, `plain-${round}`)
  mkdirSync(join(plain, context!), { recursive: true })
  writeFileSync(join(plain, context!, dockerfile!), 'FROM node:24-slim\nUSER node\n')
  writeFileSync(join(plain, 'zarpe.yml'), config({}))
  writeFileSync(join(plain, '.env.production'), `VALUE=${text(value)}\n`, { mode: 0o600 })
  writeFileSync(join(plain, '.gitignore'), '.env*\n')
  const build = `build: { context: ${text(`./${escaped(context!)}`)}, dockerfile: ${text(escaped(dockerfile!))} }\n    environment: [VALUE]`
  writeFileSync(join(plain, 'compose.yml'), compose('web', build))
  await commit(plain, branch, tag, subject)
  const folder = join(base, folderName!)
  renameSync(plain, folder)
  const result = await zarpe(['deploy'], {
    folder,
    server,
    env: { ZARPE_BY: by.replaceAll('\n', ' ') },
  })
  expectTold(result, [0, 1, 3], [folderName, context, dockerfile].join(' · '))
  return result.code
}

/** As Compose wants a dollar sign that is one. */
const escaped = (name: string) => name.replaceAll('$', () => '$$')

const commit = async (folder: string, branch: string, tag: string, subject: string) => {
  const git = (...argv: string[]) =>
    runOk('git', [
      '-C',
      folder,
      '-c',
      `user.name=${subject}.`,
      '-c',
      'user.email=t@x.example',
      ...argv,
    ])
  await git('init', '--quiet')
  await git('add', '--all')
  await git('commit', '--quiet', '--cleanup=verbatim', '--message', `${subject} `)
  // Not every name can be one of git's; those that can't are no danger.
  await run('git', ['-C', folder, 'update-ref', `refs/tags/${withoutBlanks(tag)}`, 'HEAD'])
  const ref = `refs/heads/${withoutBlanks(branch)}`
  const made = await run('git', ['-C', folder, 'update-ref', ref, 'HEAD'])
  if (made.code === 0) await git('symbolic-ref', 'HEAD', ref)
}

describe(`${rounds * namesPerRound} hostile names`, () => {
  const codes: number[] = []

  it('are refused with a sentence, or go into a release as they are', async () => {
    const folder = join(base, 'judged')
    mkdirSync(folder)
    for (let round = 0; round < rounds; round++) {
      await judged(folder)
      codes.push(await released(round))
    }
    expect(used).toBe(names.length)
    expect(codes, 'some of them can be released').toContain(0)
  }, 3_600_000)

  it('have made no file, here or there', async () => {
    const places = [base, tmpdir(), process.cwd(), process.env['HOME'] ?? '/root']
    const here = await run('find', [...new Set(places), '-xdev', '-name', canary])
    expect(here.stdout).toBe('')
    const roots = ['/', '/run', '/tmp', '/var/lib/docker']
    const there = await inside(server, ['find', ...roots, '-xdev', '-name', canary])
    expect(there.stdout).toBe('')
    const control = await inside(server, [
      'sh',
      '-c',
      `cd /tmp; touch ${canary}; find / /tmp -xdev -name ${canary}; rm ${canary}`,
    ])
    expect(control.stdout, 'one that is there would be found').toContain(canary)
    const ended = codes.filter((code) => code === 0).length
    figure(
      'hostile names, paths, branches, tags, domains',
      `${used} names in ${codes.length} releases (${ended} of them went live): the canary appeared 0 times`,
    )
  }, 600_000)
})
