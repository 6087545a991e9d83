import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runOk } from '../src/io/host/processes/process.ts'
import { planDeploy } from '../src/release/deploy/deploy.plan.ts'
import { differencesOf, type Found } from '../src/data/engines/postgres/compare.ts'
import type { PostgresContents } from '../src/data/held.ts'
import { applyStep, emptyServer, shop } from './twin.ts'
import { runVerb } from './verb.ts'

// The incidents of one team, each of which reached production before it had Zarpe. What stops each of
// them here is the verb that people run, on the laptop, with no server there to be touched: the server
// of these files does not exist, and nothing tries to reach it.

let folder = ''
const write = (file: string, text: string) => {
  writeFileSync(join(folder, file), text)
  chmodSync(join(folder, file), 0o600)
}
const zarpe = (...argv: string[]) => runVerb(['-C', folder, '--json', ...argv], '')
/** Every problem that a verb told, as `code file:line detail`. */
const told = async (...argv: string[]) => {
  const { events, code } = await zarpe(...argv)
  expect(code, JSON.stringify(events)).toBe(3)
  return events
    .filter(({ type }) => type === 'problem')
    .map((each) => {
      const { file, line } = each['place'] as { file: string; line: number }
      return `${String(each['code'])} ${file}:${line} ${String(each['detail'])} ${String(each['fix'])}`
    })
}
const git = (...argv: string[]) =>
  runOk('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@team.example', ...argv])

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-incident-'))
  await git('init', '--quiet')
  write('.gitignore', '.env.production\n')
  write(
    'zarpe.yml',
    `app: bank
servers: { main: deploy@vps.example }
environments:
  production:
    servers: [main]
    routes: { bank.example: { /: "backend:8000" } }
`,
  )
  write(
    'compose.yml',
    `services:
  backend:
    image: bank/backend:4.2.0
    environment:
      SECRET_KEY: \${SECRET_KEY:?}
      ALLOWED_HOSTS: \${ALLOWED_HOSTS:?}
`,
  )
  write(
    '.env.schema',
    `# @defaultSensitive=false
# ---
# @required @type=zarpe_secret
SECRET_KEY=
# @required @type=zarpe_hosts
ALLOWED_HOSTS=
`,
  )
  write(
    '.env.production',
    `SECRET_KEY=${'a1B2c3D4e5F60718'.repeat(3)}x9\nALLOWED_HOSTS=bank.example\n`,
  )
})
afterEach(() => rmSync(folder, { recursive: true }))

describe.each(['plan', 'deploy'])('before %s builds or sends anything', (verb) => {
  it('1: a SECRET_KEY shorter than 32 characters', async () => {
    write('.env.production', 'SECRET_KEY=Zq8-Kd72-Lm91\nALLOWED_HOSTS=bank.example\n')
    const [problem, ...others] = await told(verb)
    expect(problem).toContain('contract/bad-value .env.production:1 `SECRET_KEY`')
    expect(problem).toContain('32')
    expect(problem).not.toContain('Zq8')
    expect(others).toEqual([])
  })

  it('2: a fallback that would silently be used: ${SECRET_KEY:-dev-secret}', async () => {
    rmSync(join(folder, '.env.schema'))
    write('.env.production', 'ALLOWED_HOSTS=bank.example\n')
    write(
      'compose.yml',
      'services:\n  backend:\n    image: bank/backend:4.2.0\n    environment:\n      SECRET_KEY: ${SECRET_KEY:-dev-secret}\n',
    )
    const problems = await told(verb)
    expect(problems).toEqual([expect.stringContaining('check/secret-fallback compose.yml:5')])
    expect(problems.join()).not.toContain('dev-secret')
  })

  it('3: ALLOWED_HOSTS as JSON where the app reads commas', async () => {
    const [secret] = ['a1B2c3D4e5F60718'.repeat(3)]
    write(
      '.env.production',
      `SECRET_KEY=${secret}x9\nALLOWED_HOSTS=["bank.example","www.bank.example"]\n`,
    )
    const [problem, ...others] = await told(verb)
    expect(problem).toContain('contract/bad-value .env.production:2 `ALLOWED_HOSTS`')
    expect(problem).toContain('JSON')
    // The format that is expected, and the other way out.
    expect(problem).toContain('no brackets, quotes or spaces')
    expect(problem).toContain('format=json')
    expect(others).toEqual([])
  })
})

describe('4. a restore that lost rows, and nobody knew', () => {
  it('is counted against the backup’s own manifest', () => {
    const indicators = { schema: 'public', name: 'monthly_kpis', rows: 7320, digest: '1' }
    const held = heldBy([indicators])
    const restored = foundIn([{ ...indicators, rows: 206, digest: '2' }])
    // On real engines, with a dump that was cut short: scenario `backups`, "damage is found and named".
    expect(differencesOf(held, restored)).toEqual(['public.monthly_kpis has 206 rows, not 7320'])
    expect(differencesOf(held, foundIn([indicators]))).toEqual([])
  })
})

describe('5: a release is what was asked for', () => {
  // On a real engine: scenarios `release` and `environment`.
  const at = '2026-01-31T12:00:00.000Z'
  const first = shop({ db: 1, api: 1, web: 1, scheduler: 1 })
  const server = planDeploy(first, emptyServer(), at).steps.reduce(applyStep, emptyServer())

  it('a new image or a new value starts new tasks, and the old ones are proven gone from the edge', () => {
    const plan = planDeploy(shop({ db: 1, api: 1, web: 2, scheduler: 1 }), server, at)
    const kinds = plan.steps.filter(({ target }) => target.includes('web')).map(({ kind }) => kind)
    expect(kinds.slice(0, 3)).toEqual(['image.pull', 'service.start', 'service.await'])
    expect(plan.steps.some(({ kind }) => kind === 'edge.prove')).toBe(true)
  })

  it('names every image by its digest, so that no tag can mean an older one', () => {
    const images = planDeploy(first, emptyServer(), at).steps.flatMap((step) =>
      step.kind === 'service.start' || step.kind === 'service.apply'
        ? [step.params.spec.TaskTemplate.ContainerSpec.Image]
        : [],
    )
    expect(images.length).toBeGreaterThan(2)
    for (const image of images) expect(image).toMatch(/@sha256:/)
  })
})

it('6: a secret scan that failed on a commit that only deletes files', async () => {
  write('old.py', 'x = 1\n')
  write('kept.py', 'y = 1\n')
  await git('add', '--all')
  await git('commit', '--quiet', '--message', 'first')
  await git('rm', '--quiet', 'old.py')
  await git('mv', 'kept.py', 'renamed.py')
  for (const argv of [
    ['check', '--staged'],
    ['check', '--history'],
  ])
    expect(await zarpe(...argv)).toMatchObject({ code: 0, last: { errors: 0 } })
})

describe('7: values that were changed on the server by hand', () => {
  // On a real engine: scenario `release` names the change and puts it back, `environment` compares.
  const at = '2026-01-31T12:00:00.000Z'
  const wanted = shop({ db: 1, api: 1, web: 1, scheduler: 1 })

  it('are named, without a value, and put back by the next deploy', () => {
    const server = planDeploy(wanted, emptyServer(), at).steps.reduce(applyStep, emptyServer())
    const edited = {
      ...server,
      services: server.services.map((each) =>
        each.service === 'web' ? { ...each, drift: ['TaskTemplate.ContainerSpec.Env.0'] } : each,
      ),
    }
    const { steps } = planDeploy(wanted, edited, at)
    expect(steps.map(({ kind, cause }) => `${kind} ${cause}`)).toContain(
      'service.apply changed by hand: TaskTemplate.ContainerSpec.Env.0',
    )
  })
})

const heldBy = (tables: PostgresContents['tables']): PostgresContents => ({
  kind: 'postgres',
  version: 170_004,
  image: 'postgres:17',
  database: 'bankadvisor',
  bytes: 1,
  owner: 'postgres',
  encoding: 'UTF8',
  locale: { provider: 'c', collate: 'C', ctype: 'C', locale: null },
  tables,
  sequences: [],
  largeObjects: null,
  schemaSha256: 'same',
  extensions: [],
  roles: [],
  skipped: [],
})

const foundIn = (tables: Found['tables']): Found => ({
  tables,
  sequences: [],
  largeObjects: null,
  extensions: [],
  schemaSha256: 'same',
})
