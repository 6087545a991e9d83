import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { down, inside, type Vps } from '../../src/lab/vps.ts'
import { parseDotenv } from '../../src/app/dotenv.ts'
import { type CliResult, zarpe, zarpeOk } from '../lab/cli.ts'
import { dotenvLine } from '../lab/dotenv.ts'
import { lines } from '../lab/inventory.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'

// The life of an environment: declared, filled, refused, changed alone, compared, brought back.

const server = 'environment'
let vps: Vps
let project: Project
const options = () => ({ folder: project.folder, server })

/** Unlike anything that could be there by chance, and with every byte that is easily lost. */
const token = `zqToken"$x' \\b {{y}} é🚢 ;&| %41\nline-${'K7'.repeat(10)}`

const values: Record<string, string> = {}
const writeValues = (changes: Record<string, string>) => {
  Object.assign(values, changes)
  const text = Object.entries(values).map(([name, value]) => dotenvLine(name, value))
  writeFileSync(join(project.folder, '.env.production'), `${text.join('\n')}\n`)
  chmodSync(join(project.folder, '.env.production'), 0o600)
}

const codesIn = (result: CliResult) =>
  result.events.filter(({ type }) => type === 'problem').map((each) => each['code'])

/** `<service> <container id>` of what runs, one for each container. */
const running = () =>
  lines(server, [
    'ps',
    '--no-trunc',
    '--filter',
    'label=zarpe.project=contract-production',
    '--format',
    '{{.Label "zarpe.service"}} {{.ID}}',
  ])
const of = (service: string, all: string[]) => all.filter((each) => each.startsWith(`${service} `))

beforeAll(async () => {
  await down(server)
  vps = await readyServer(server)
  project = await projectFrom('trio', 'contract', 'contract.example')
  await pointTo(vps, ['contract.example'])
  project.write(
    'compose.yml',
    project
      .read('compose.yml')
      .replace(`MODE: \${WEB_MODE:-well}`, `SECRET_TOKEN:\n      ALLOWED_HOSTS: \${HOSTS}`)
      .replace(`MODE: \${WORKER_MODE:-well}`, `WORKER_LEVEL:\n      TOTP_KEY:`),
  )
  project.write(
    '.env.schema',
    [
      '# @required @sensitive @type=string(minLength=32)',
      'SECRET_TOKEN=',
      '# @required @type=zarpe_hosts',
      'HOSTS=',
      '# @required @type=zarpe_fernet',
      'TOTP_KEY=',
      '# @type=enum(calm, busy)',
      'WORKER_LEVEL=calm',
      '',
    ].join('\n'),
  )
})

afterAll(async () => {
  project.remove()
  if (!process.env['ZARPE_KEEP']) await down(server)
})

describe('an environment', () => {
  it('is refused before anybody is asked for a connection', async () => {
    writeValues({ SECRET_TOKEN: 'zqShort', HOSTS: '["contract.example"]' })
    for (const verb of ['plan', 'deploy']) {
      const result = await zarpe([verb], {
        folder: project.folder,
        server: 'deploy@nowhere.invalid',
      })
      expect(result.code).toBe(3)
      expect(codesIn(result)).toEqual([
        'contract/bad-value',
        'contract/bad-value',
        'contract/missing-value',
      ])
      expect(result.stdout + result.stderr).not.toContain('zqShort')
    }
  })

  it('is refused when it does not fit the routes', async () => {
    writeValues({ SECRET_TOKEN: token, HOSTS: 'other.example' })
    await zarpeOk(['env', 'generate', 'TOTP_KEY'], options())
    values['TOTP_KEY'] = parseDotenv('', project.read('.env.production')).values['TOTP_KEY']!
    const result = await zarpe(['deploy'], options())
    expect(result.code).toBe(3)
    expect(codesIn(result)).toEqual(['contract/not-served', 'contract/host-missing'])
    expect(await running()).toEqual([])
  })

  it('goes live with its defaults, and equals what the server was given', async () => {
    writeValues({ HOSTS: 'contract.example' })
    await zarpeOk(['env', 'check'], options())
    await zarpeOk(['deploy'], options())
    const [worker] = of('worker', await running())
    const printed = await inside(server, ['docker', 'exec', worker!.split(' ')[1]!, 'env'])
    expect(printed.stdout).toContain('WORKER_LEVEL=calm\n')
    const same = await zarpeOk(['env', 'diff', '--running'], options())
    expect(same.events.at(-1)).toMatchObject({ type: 'result', outcome: 'equal' })
    expect(same.stdout).not.toContain('zqToken')
  })

  it('changes alone: only the service that uses a value is replaced, nothing is built or sent', async () => {
    const before = await running()
    await zarpeOk(['env', 'set', 'WORKER_LEVEL=busy'], options())
    values['WORKER_LEVEL'] = 'busy'
    const differs = await zarpe(['env', 'diff', '--running'], options())
    expect(differs.code).toBe(1)
    const changed = differs.events.filter(({ state }) => state !== undefined && state !== 'same')
    expect(changed).toEqual([
      { type: 'variable', service: 'worker', name: 'WORKER_LEVEL', state: 'differs' },
    ])
    const result = await zarpeOk(['deploy', '--no-build'], options())
    expect(result.events.at(-1)).toMatchObject({ outcome: 'released', bytesShipped: 0 })
    expect(result.events.map(({ type }) => type)).not.toContain('built')
    const after = await running()
    expect(of('web', after)).toEqual(of('web', before))
    expect(of('store', after)).toEqual(of('store', before))
    expect(of('worker', after)).not.toEqual(of('worker', before))
    const [worker] = of('worker', after)
    const printed = await inside(server, ['docker', 'exec', worker!.split(' ')[1]!, 'env'])
    expect(printed.stdout).toContain('WORKER_LEVEL=busy\n')
  })

  it('shows a change made by hand on the server', async () => {
    const [name] = (await lines(server, ['service', 'ls', '--format', '{{.Name}} {{.Replicas}}']))
      .filter((line) => line.startsWith('contract-production_worker') && line.includes('1/1'))
      .map((line) => line.split(' ')[0]!)
    await lines(server, ['service', 'update', '--detach', '--env-add', 'WORKER_LEVEL=calm', name!])
    const result = await zarpe(['env', 'diff', '--running'], options())
    expect(result.code).toBe(1)
    expect(result.events.at(-1)).toMatchObject({ outcome: 'different', count: 1 })
    await zarpeOk(['deploy'], options())
    expect((await zarpeOk(['env', 'diff', '--running'], options())).code).toBe(0)
  })

  it('is brought back from the server byte for byte, into a file of its owner alone', async () => {
    const result = await zarpeOk(['env', 'pull'], options())
    expect(result.stdout + result.stderr).not.toContain('zqToken')
    const path = join(project.folder, '.env.production.pulled')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const { values: pulled, problems } = parseDotenv('', readFileSync(path, 'utf8'))
    expect(problems).toEqual([])
    expect(pulled).toMatchObject({
      SECRET_TOKEN: token,
      ALLOWED_HOSTS: 'contract.example',
      WORKER_LEVEL: 'busy',
      TOTP_KEY: values['TOTP_KEY'],
    })
    const again = await zarpe(['env', 'pull'], options())
    expect(codesIn(again)).toEqual(['contract/file-exists'])
  })
})
