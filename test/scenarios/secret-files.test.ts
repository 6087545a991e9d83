import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rootCertificate } from '../../src/lab/acme.ts'
import { startTraffic } from '../../src/lab/traffic/traffic.ts'
import { down, inside, type Vps } from '../../src/lab/vps.ts'
import { problemIn, zarpe, zarpeOk } from '../lab/cli.ts'
import { encodingsOf, leaksIn } from '../lab/leaks.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'
import { expectAllAnswered } from '../lab/steady.ts'

// A secret of the Compose file is a file in the container, with its rights and to the byte, and can
// be seen nowhere else. A rotation replaces those that mount it, without losing a request.

const server = 'secret-files'
const domain = 'files.example'
const app = 'files'
const project = `${app}-production`
/** Bytes that are no text, and a value of the environment. */
const keys = [0, 1].map((round) =>
  Buffer.concat([Buffer.from(`zq-key-${round}-8f1c`), Buffer.from([0, 255, 10, 13, 10])]),
)
const tokens = ['zq-token-0-b52e {{x}} $y', 'zq-token-1-77aa "q"']
const seeded = [...tokens, ...keys.map((key) => key.subarray(0, 13).toString())]

let vps: Vps
let files: Project
const options = () => ({ folder: files.folder, server })
const onServer = (argv: string[], input = '') => inside(server, argv, { input, limitMs: 120_000 })

const give = (round: number) => {
  writeFileSync(join(files.folder, 'key.bin'), keys[round]!)
  chmodSync(join(files.folder, 'key.bin'), 0o600)
  files.write('.env.production', `TOKEN='${tokens[round]}'\n`)
}

const secretNames = async () => {
  const argv = ['docker', 'secret', 'ls', '--filter', `label=zarpe.project=${project}`]
  const { stdout } = await onServer([...argv, '--format', '{{.Name}}'])
  return stdout.split('\n').filter(Boolean).toSorted()
}

const serviceNames = async () => {
  const { stdout } = await onServer(['docker', 'service', 'ls', '--format', '{{.Name}} {{.ID}}'])
  return stdout.split('\n').filter((line) => line.startsWith(`${project}_`))
}

beforeAll(async () => {
  await down(server)
  vps = await readyServer(server)
  await pointTo(vps, [domain])
  files = await projectFrom('hello', app, domain)
  files.write('zarpe.yml', `${files.read('zarpe.yml')}\nrelease: { watch: 2s, keep: 2 }\n`)
  files.write('.dockerignore', '*.bin\n.env*\n')
  files.write(
    'compose.yml',
    `${files.read('compose.yml').replace(
      '    build: .\n',
      `    build: .
    user: "1000:1000"
    secrets:
      - key
      - { source: token, target: /etc/token, uid: "0", gid: "1000", mode: 0440 }
`,
    )}  still:
    build: .
    command: [node, -e, "setInterval(() => {}, 1e9)"]
    healthcheck: { test: [CMD, node, -e, "0"] }
secrets:
  key: { file: ./key.bin }
  token: { environment: TOKEN }
`,
  )
  give(0)
})

afterAll(async () => {
  files.remove()
  if (!process.env['ZARPE_KEEP']) await down(server)
})

const inWeb = async (...command: string[]) =>
  (await zarpeOk(['exec', 'web', '--', ...command], { ...options(), json: false })).stdout

const expectArrived = async (round: number) => {
  expect(await inWeb('base64', '-w0', '/run/secrets/key')).toBe(keys[round]!.toString('base64'))
  expect(await inWeb('base64', '-w0', '/etc/token')).toBe(
    Buffer.from(tokens[round]!).toString('base64'),
  )
}

describe('secrets of the Compose file', () => {
  it('are files in the container, with their rights and to the byte', async () => {
    await zarpeOk(['deploy'], options())
    await expectArrived(0)
    const facts = await inWeb('stat', '--format=%a %u %g', '/run/secrets/key', '/etc/token')
    expect(facts).toBe('400 1000 1000\n440 0 1000\n')
    expect(await secretNames()).toHaveLength(2)
  })

  it('are in nothing that docker inspect shows, and in no file outside Docker’s own state', async () => {
    const containers = (await onServer(['docker', 'ps', '-aq'])).stdout.split('\n').filter(Boolean)
    const services = (await onServer(['docker', 'service', 'ls', '-q'])).stdout
      .split('\n')
      .filter(Boolean)
    const shown = await Promise.all([
      onServer(['docker', 'inspect', ...containers]),
      onServer(['docker', 'service', 'inspect', ...services]),
      onServer(['docker', 'secret', 'inspect', ...(await secretNames())]),
    ])
    expect(shown[1].stdout).toContain('/run/secrets/key')
    const text = shown.map(({ stdout }) => stdout).join('\n')
    expect(leaksIn('what docker shows', text, seeded)).toEqual([])
    const patterns = seeded
      .flatMap((secret) => Object.values(encodingsOf(secret)))
      .filter((form) => form.length > 8)
      .join('\n')
    const found = await onServer(
      [
        ...['grep', '-rlaF', '--devices=skip', '--file=-'],
        ...['--exclude-dir=docker', '--exclude-dir=containerd'],
        ...['/etc', '/home', '/root', '/run/zarpe', '/tmp', '/usr/local', '/var'],
      ],
      patterns,
    )
    expect(found.stdout).toBe('')
  })

  it('are rotated by replacing only those that mount them, and nothing is lost', async () => {
    const before = await serviceNames()
    const running = await startTraffic({
      url: `https://${domain}`,
      address: vps.address,
      ca: await rootCertificate(),
      ratePerSecond: 50,
      slowAtOnce: 5,
      webSockets: 5,
      eventStreams: 5,
    })
    give(1)
    const deployed = await zarpe(['deploy'], options())
    const report = await running.stop()
    expect(deployed.code, JSON.stringify(problemIn(deployed))).toBe(0)
    expectAllAnswered(report)
    expect(report.total.sent).toBeGreaterThan(300)
    await expectArrived(1)
    const after = await serviceNames()
    const still = (names: string[]) => names.filter((name) => name.includes('_still-r1 '))
    expect(still(after)).toEqual(still(before))
    expect(still(after)).toHaveLength(1)
    expect(after.filter((name) => name.includes('_web-')).length).toBe(2)
    expect(await secretNames()).toHaveLength(4)
  })

  it('come back with a rollback, and go with the last kept release that mounts them', async () => {
    await zarpeOk(['rollback'], options())
    await expectArrived(0)
    await zarpeOk(['deploy'], options())
    files.version('2.0.0')
    await zarpeOk(['deploy'], options())
    files.version('3.0.0')
    await zarpeOk(['deploy'], options())
    await expectArrived(1)
    expect(await secretNames()).toHaveLength(2)
  })

  it('of a release that fails leave nothing behind', async () => {
    const before = await secretNames()
    give(0)
    files.write('.env.production', `TOKEN='${tokens[0]}'\nMODE=never-healthy\n`)
    files.write(
      'zarpe.yml',
      files.read('zarpe.yml').replace('watch: 2s', 'watch: 2s, healthy_within: 8s'),
    )
    expect((await zarpe(['deploy'], options())).code).toBe(1)
    expect(await secretNames()).toEqual(before)
    await expectArrived(1)
  })

  it('are in a container of its own as in a task, if a task runs', async () => {
    const look =
      'stat --format="%a %u %g" /run/secrets/key /etc/token; base64 -w0 /run/secrets/key /etc/token; id'
    const own = await zarpeOk(['run', 'web', '--', 'sh', '-c', look], { ...options(), json: false })
    expect(own.stdout).toBe(await inWeb('sh', '-c', look))
    expect(own.stdout).toContain('400 1000 1000\n440 0 1000\n')
    await zarpeOk(['scale', 'web=0', '--yes'], options())
    const refused = await zarpe(['run', 'web', '--', 'true'], options())
    expect(JSON.stringify(refused.events)).toContain('console/no-secret-files')
    const left = await onServer(['docker', 'ps', '-aq', '--filter', 'label=zarpe.role=run'])
    expect(left.stdout).toBe('')
  })

  it('go with the app', async () => {
    await zarpeOk(['remove'], options())
    expect(await secretNames()).toEqual([])
  })
})
