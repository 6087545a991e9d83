import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { rules } from '../../src/check/rules.ts'
import { fakeToken } from '../../src/check/secrets/fake.ts'
import { runOk } from '../../src/io/host/processes/process.ts'
import { down, up } from '../../src/lab/vps.ts'
import { type CliResult, zarpe, zarpeOk } from '../lab/cli.ts'
import { inExample } from '../lab/example.ts'
import { projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'

// `zarpe check`, as a user runs it: a rule of each severity, a commit hook, and servers. The examples of
// every rule are read in src/check/rules.test.ts.

const server = 'check'
const bare = 'check-bare'

type Told = { rule: string; detail: string; place: { file: string; line: number; column: number } }

const findingsIn = (result: CliResult) =>
  result.events.filter(({ type }) => type === 'finding') as unknown as Told[]
const codesIn = (result: CliResult) =>
  result.events.filter(({ type }) => type === 'problem').map(({ code }) => code)

afterAll(async () => {
  if (process.env['ZARPE_KEEP']) return
  await down(server)
  await down(bare)
})

const oneOfEach = (['error', 'warning', 'advice'] as const).map((severity) =>
  rules.find((rule) => rule.severity === severity)!,
)

describe.each(oneOfEach)('the rule $id ($severity)', (rule) => {
  it('finds its bad example and not its good one', async () => {
    const bad = await inExample(rule.bad, (folder) => zarpe(['check', '--strict'], { folder }))
    const own = findingsIn(bad).filter((each) => each.rule === rule.id)
    expect(
      own.map(({ place }) => `${place.file}:${place.line}:${place.column}`).toSorted(),
    ).toEqual(rule.bad.at.toSorted())
    if (rule.severity !== 'advice') expect(bad.code).toBe(3)
    const good = await inExample(rule.good, (folder) => zarpe(['check'], { folder }))
    expect(findingsIn(good).map((each) => each.rule)).not.toContain(rule.id)
  })
})

describe('a fallback of a secret', () => {
  it('stops plan and deploy before anybody is asked for a connection', async () => {
    const rule = rules.find(({ id }) => id === 'secret-fallback')!
    await inExample(rule.bad, async (folder) => {
      for (const verb of ['plan', 'deploy']) {
        const result = await zarpe([verb], { folder, server: 'nowhere.invalid' })
        expect([result.code, codesIn(result)]).toEqual([
          3,
          ['check/secret-fallback', 'check/secret-fallback'],
        ])
        expect(result.stdout + result.stderr).not.toContain('dev-secret')
      }
    })
  })
})

describe('a commit hook', () => {
  it('stops a secret and lets a commit pass that only deletes files', async () => {
    await inExample({ files: { 'pay.py': `TOKEN = "${fakeToken}"\n` } }, async (folder) => {
      const bad = await zarpe(['check', '--staged'], { folder })
      expect([bad.code, findingsIn(bad).map(({ rule }) => rule)]).toEqual([3, ['secret-in-code']])
      expect(bad.stdout + bad.stderr).not.toContain(fakeToken)
      const git = ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@team.example']
      await runOk('git', [...git, 'commit', '--quiet', '--message', 'first'])
      await runOk('git', [...git, 'rm', '--quiet', 'pay.py'])
      expect((await zarpe(['check', '--staged'], { folder })).code).toBe(0)
    })
  })
})

describe('a report for code hosts', () => {
  it('is written whatever is found', async () => {
    const rule = rules.find(({ id }) => id === 'root-user')!
    await inExample(rule.bad, async (folder) => {
      await zarpe(['check', '--sarif', 'out.sarif'], { folder })
      const log = JSON.parse(readFileSync(join(folder, 'out.sarif'), 'utf8')) as {
        runs: { results: { ruleId: string }[] }[]
      }
      expect(log.runs[0]!.results.map(({ ruleId }) => ruleId)).toContain('root-user')
    })
  })
})

describe('check --remote', () => {
  it('finds nothing that fails on a server that is ready, and changes nothing', async () => {
    const project = await projectFrom('hello', 'check', 'check.example')
    try {
      await pointTo(await readyServer(server), ['check.example'])
      const result = await zarpe(['check', '--remote'], { folder: project.folder, server })
      expect([result.code, codesIn(result)]).toEqual([0, []])
      // The lab's names are not in this machine's DNS.
      const odd = findingsIn(result).map(({ rule }) => rule)
      expect(odd.filter((rule) => rule !== 'domain-elsewhere')).toEqual([])
    } finally {
      project.remove()
    }
  })

  it('and a plan tell of a domain that leads nowhere, before a certificate is waited for', async () => {
    const project = await projectFrom('hello', 'check', 'check.example')
    try {
      await readyServer(server)
      const options = { folder: project.folder, server }
      const told = async () => {
        const { events } = await zarpeOk(['plan'], options)
        const planned = events.find(({ type }) => type === 'planned')
        return (planned!['notes'] as string[]).filter((note) => note.includes('check.example'))
      }
      // Another authority than the public one asks where this machine cannot.
      expect(await told()).toEqual([])
      const written = project.read('zarpe.yml')
      const own = written.replace(/^ {2}acme:\n(?: {4}.*\n)+/m, '')
      project.write('zarpe.yml', own)
      const [note, ...more] = await told()
      expect(note).toMatch(/check\.example.*(until it leads to deploy@check|is not known)/)
      expect(more).toEqual([])
      project.write(
        'zarpe.yml',
        `${own}check: { off: { domain-elsewhere: a CDN stands before } }\n`,
      )
      expect(await told()).toEqual([])
    } finally {
      project.remove()
    }
  })

  it('says of a bare server that it is not set up, and looks at the rest', async () => {
    const project = await projectFrom('hello', 'check', 'check.example')
    try {
      await up({ name: bare, image: 'debian-13' }, () => undefined)
      const options = { folder: project.folder, server: `root@${bare}` }
      const result = await zarpe(['check', '--remote'], options)
      expect(codesIn(result)).toEqual(['server/not-set-up'])
      expect(result.code).not.toBe(0)
      expect(findingsIn(result).map(({ rule }) => rule)).toContain('domain-elsewhere')
    } finally {
      project.remove()
    }
  })

  it('says of a server that cannot be reached that it cannot, and exits 4', async () => {
    await inExample({ files: {} }, async (folder) => {
      writeFileSync(
        join(folder, 'compose.yml'),
        'services:\n  web:\n    image: shop:1.4\n    healthcheck: { test: [CMD, ask] }\n    mem_limit: 64m\n',
      )
      const options = { folder, server: 'root@nowhere.invalid' }
      const result = await zarpe(['check', '--remote'], options)
      expect([result.code, codesIn(result)]).toEqual([4, ['ssh/name-unknown']])
    })
  })
})
