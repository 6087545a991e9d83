import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../src/io/host/processes/process.ts'
import { down, inside } from '../../src/lab/vps.ts'
import { type CliResult, zarpe } from '../lab/cli.ts'
import { dotenvLine } from '../lab/dotenv.ts'
import { encodingsOf, leaksIn, watchProcesses } from '../lab/leaks.ts'
import { readyServer } from '../lab/server.ts'

// Twenty secrets go through everything a day brings, also what fails. Afterwards they are in the
// containers' environment, which Docker keeps, and nowhere else.

const server = 'secrets'
const base = mkdtempSync(join(tmpdir(), 'zarpe-secrets-'))
const folder = join(base, 'project')
const outputs: { argv: string; text: string }[] = []

/** Not random, so that a failure can be repeated; unlike anything that could be there by chance. */
const secrets = Array.from({ length: 20 }, (_, index) => {
  const seed = Buffer.from(`${index}secret${index * 7919}`)
    .toString('hex')
    .slice(-10)
  const tail = ['', '$x', '"q"', "'", '\\b', '{{y}}', 'é🚢', ' ;&|', '%41', '\nline'][index % 10]
  return `zq${seed}${tail}${'K7'.repeat(index)}`
})

const write = (name: string, content: string) => writeFileSync(join(folder, name), content)

const environment = (mode: string, extra = '') => {
  const lines = secrets.map((secret, index) => dotenvLine(`SECRET_${index}`, secret))
  write('.env.production', `${lines.join('\n')}\nMODE=${mode}\n${extra}`)
  chmodSync(join(folder, '.env.production'), 0o600)
}

const compose = (more = '') => {
  const names = secrets.map((_secret, index) =>
    index % 2 ? `      SECRET_${index}:\n` : `      SECRET_${index}: \${SECRET_${index}}\n`,
  )
  write(
    'compose.yml',
    `services:
  web:
    build: .
    stop_signal: SIGKILL
    command: [node, -e, "setInterval(() => {}, 1e9)"]
    healthcheck: { test: [CMD, node, -e, "process.exit(process.env.MODE === 'sick' ? 1 : 0)"], interval: 1s, retries: 1, start_period: 1s }
    environment:
      MODE:
${names.join('')}${more}`,
  )
}

/** Runs the program with and without --json, and keeps what it said. */
const runIn = async (argv: string[], formats: boolean[]): Promise<CliResult> => {
  const results: CliResult[] = []
  for (const json of formats) {
    const env = { XDG_CACHE_HOME: join(base, 'cache'), TMPDIR: join(base, 'tmp') }
    const result = await zarpe(argv, { folder, server, json, env })
    outputs.push({ argv: argv.join(' '), text: result.stdout + result.stderr })
    results.push(result)
  }
  return results[0]!
}

const expectCode = async (code: number, argv: string[], formats = [true, false]) => {
  const { code: ended, stdout, stderr } = await runIn(argv, formats)
  expect(ended, `${argv.join(' ')}: ${stdout}${stderr}`).toBe(code)
}

const onServer = async (argv: string[], input = '') =>
  inside(server, argv, { input, limitMs: 120_000 })

beforeAll(async () => {
  await down(server)
  await readyServer(server)
  for (const name of ['project', 'cache', 'tmp']) mkdirSync(join(base, name))
  write('Dockerfile', 'FROM node:24-slim\nCOPY VERSION .\n')
  write('VERSION', '1\n')
  write(
    'zarpe.yml',
    `app: secrets
servers: { main: deploy@secrets }
environments: { production: { servers: [main] } }
release: { healthy_within: 45s, watch: 1s }
`,
  )
  compose()
})

afterAll(async () => {
  rmSync(base, { recursive: true })
  if (!process.env['ZARPE_KEEP']) await down(server)
})

describe('twenty secrets', () => {
  it('go through releases that succeed and fail, and every verb that looks at them', async () => {
    const processes = watchProcesses()
    environment('well')
    await expectCode(0, ['plan'])
    await expectCode(0, ['deploy'], [true])
    await expectCode(0, ['status'])
    await expectCode(0, ['releases'])
    await expectCode(0, ['logs'])
    await expectCode(3, ['exec', 'web', '--', 'sh', '-c', 'exit 3'])
    await expectCode(0, ['run', 'web', '--', 'true'])
    await expectCode(3, ['exec', 'nobody', '--', 'true'])
    environment('sick')
    await expectCode(1, ['deploy'])
    await expectCode(0, ['releases'])
    environment('well', 'EXTRA=1\n')
    compose('      EXTRA:\n')
    await expectCode(0, ['deploy'], [false])
    await expectCode(0, ['rollback'], [true])
    await expectCode(0, ['scale', 'web=2'], [false])
    const seen = processes.stop()
    expect(seen.some((line) => line.includes('zarpe.mjs agent'))).toBe(true)
    expect(leaksIn('a process list', seen.join('\n'), secrets)).toEqual([])
  })

  it('are told by no mistake in the files that hold them', async () => {
    environment(
      'well',
      `${secrets[0]!}\n${secrets[1]!.replaceAll('\n', '')}=1\nA=${secrets[3]}#\nB="${secrets[10]}`,
    )
    await expectCode(3, ['plan'])
    environment('well')
    compose('    stop_grace_period: ${SECRET_0}\n')
    await expectCode(3, ['plan'])
    compose('    deploy: { replicas: "${SECRET_0}" }\n')
    await expectCode(3, ['plan'])
    compose('      TOO_LONG: ${SECRET_0}'.padEnd(140_000, 'x'))
    await expectCode(3, ['plan'])
    compose('    labels: ["${SECRET_0"]\n')
    await expectCode(3, ['plan'])
    compose()
  })

  it('are in nothing that was said', () => {
    expect(outputs.length).toBeGreaterThan(25)
    expect(
      outputs.flatMap(({ argv, text }) => leaksIn(`the output of ${argv}`, text, secrets)),
    ).toEqual([])
  })

  it('are in no log of the server', async () => {
    for (const format of ['short', 'json']) {
      const { stdout } = await onServer(['journalctl', '--no-pager', `--output=${format}`])
      expect(stdout.length).toBeGreaterThan(1_000)
      expect(leaksIn(`journalctl, ${format}`, stdout, secrets)).toEqual([])
    }
  })

  it('are in no image, here or there', async () => {
    const images = (await onServer(['docker', 'image', 'ls', '-q', '--no-trunc'])).stdout
      .split('\n')
      .filter(Boolean)
    expect(images.length).toBeGreaterThan(0)
    const inspected = await onServer(['docker', 'image', 'inspect', ...images])
    const histories = await Promise.all(
      images.map((each) => onServer(['docker', 'history', '--no-trunc', each])),
    )
    const here = await run('docker', [
      'history',
      '--no-trunc',
      'zarpe-build/secrets-production/web',
    ])
    expect(here.code).toBe(0)
    const text = [inspected, here, ...histories].map(({ stdout }) => stdout).join('\n')
    expect(leaksIn('an image', text, secrets)).toEqual([])
  })

  it('are in no file of the server outside Docker’s own state', async () => {
    const forms = secrets.flatMap((secret) =>
      Object.values(encodingsOf(secret)).flatMap((form) => form.split('\n')),
    )
    // A form of several lines is looked for by each of them that is telling enough.
    const patterns = forms.filter((form) => form.length > 8).join('\n')
    const folders = [
      '/etc',
      '/home',
      '/root',
      '/run',
      '/tmp',
      '/usr/local',
      '/var/cache',
      '/var/log',
      '/var/lib/zarpe',
      '/var/lib/systemd',
      '/var/tmp',
    ]
    // Docker and containerd keep a container's environment below these.
    const apart = [
      ...['containerd', 'docker'].map((name) => `--exclude-dir=${name}`),
      // runc's own, for the moment in which a health check is begun.
      '--exclude=runc-process*',
    ]
    const found = await onServer(
      [
        'grep',
        '--recursive',
        '--files-with-matches',
        '--text',
        '--fixed-strings',
        '--devices=skip',
        '--file=-',
        ...apart,
        ...folders,
      ],
      patterns,
    )
    expect(found.stdout).toBe('')
    // The search does reach the records, and they are sealed.
    const records = await onServer(['grep', '-rl', '"sealed": "s1\\.', '/var/lib/zarpe/projects'])
    expect(records.stdout).toContain('/releases/')
    const plain = await onServer(['grep', '-rlE', 'SECRET_0=|"spec"', '/var/lib/zarpe/projects'])
    expect(plain.stdout).toBe('')
    const { stdout: keyMode } = await onServer([
      'stat',
      '--format=%a %U %s',
      '/var/lib/zarpe/seal.key',
    ])
    expect(keyMode).toBe('600 root 65\n')
    const open = await onServer([
      'find',
      '/var/lib/zarpe',
      '/run/zarpe',
      '!',
      '-type',
      'd',
      '-perm',
      '/077',
    ])
    expect(open.stdout).toBe('')
    const { stdout: mode } = await onServer([
      'stat',
      '--format=%a %U',
      '/var/lib/zarpe',
      '/var/lib/zarpe/projects',
    ])
    expect(mode).toBe('700 root\n700 root\n')
  })

  it('are in nothing that was left on the laptop', async () => {
    expect(readdirSync(join(base, 'tmp'))).toEqual([])
    const forms = secrets.flatMap((secret) =>
      Object.values(encodingsOf(secret)).flatMap((form) => form.split('\n')),
    )
    const input = forms.filter((form) => form.length > 8).join('\n')
    const found = await run('grep', ['-rlaF', '--file=-', join(base, 'cache')], { input })
    expect(found.stdout).toBe('')
  })

  it('are in the container, and the values are right', async () => {
    const script = `process.stdout.write(JSON.stringify(Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('SECRET_')))))`
    const result = await zarpe(['exec', 'web', '--', 'node', '-e', script], {
      folder,
      server,
      json: false,
    })
    expect(JSON.parse(result.stdout)).toEqual(
      Object.fromEntries(secrets.map((secret, index) => [`SECRET_${index}`, secret])),
    )
  })
})
