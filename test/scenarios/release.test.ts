import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rootCertificate } from '../../src/lab/acme.ts'
import { inside, type Vps } from '../../src/lab/vps.ts'
import { ask } from '../lab/ask.ts'
import { problemIn, zarpe, zarpeOk } from '../lab/cli.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'

// One app's everyday life on a server of its own: released, released again, rolled back, looked at.

const server = 'release'
let vps: Vps
let project: Project
const options = () => ({ folder: project.folder, server })
const engine = async (argv: string[]) => (await inside(server, ['docker', ...argv])).stdout.trim()

beforeAll(async () => {
  vps = await readyServer(server)
  project = await projectFrom('hello', 'daily', 'daily.example')
  await pointTo(vps, ['daily.example'])
})

afterAll(() => project.remove())

describe('a release', () => {
  it('goes live over HTTPS, in one connection and at most five exchanges', async () => {
    const result = await zarpeOk(['deploy'], options())
    const end = result.events.at(-1)!
    expect(end).toMatchObject({ type: 'result' })
    expect(Number(end['exchanges'])).toBeLessThanOrEqual(5)
    const status = await zarpeOk(['status'], options())
    expect(status.events[0]).toMatchObject({ ok: true, edge: 'running' })
    expect(JSON.stringify(status.events[0])).toContain('daily.example')
  })

  it('changes nothing when nothing changed: the same task ids', async () => {
    const ids = () => engine(['ps', '--no-trunc', '--format', '{{.ID}}'])
    const before = await ids()
    const result = await zarpeOk(['deploy'], options())
    expect(result.events.at(-1)).toMatchObject({ outcome: 'unchanged' })
    expect(await ids()).toBe(before)
  })

  it('ships only the layers that changed', async () => {
    project.version('2.0.0')
    const result = await zarpeOk(['deploy'], options())
    const shipped = Number(result.events.at(-1)!['bytesShipped'])
    expect(shipped).toBeGreaterThan(0)
    expect(shipped).toBeLessThan(2_000_000)
  })

  it('goes live though nobody reads on', async () => {
    const current = async () => {
      const { events } = await zarpeOk(['releases'], options())
      return Number(events.at(-1)!['current'])
    }
    const before = await current()
    project.version('3.0.0')
    const { code, events } = await zarpe(['deploy'], { ...options(), reads: 1 })
    expect({ code, events: events.length }).toEqual({ code: 0, events: 1 })
    expect(await current()).toBe(before + 1)
    await zarpeOk(['rollback'], options())
  })

  it('is brought back by a rollback that builds and sends nothing', async () => {
    await zarpeOk(['rollback'], options())
    const releases = (await zarpeOk(['releases'], options())).events
    const current = releases.find((release) => release['state'] === 'current')!
    expect(current['rollbackTo']).toBeTypeOf('number')
  })

  it('shows a change made by hand, and puts it back', async () => {
    const name = await engine([
      'service',
      'ls',
      '--filter',
      'label=zarpe.project=daily-production',
      '--format',
      '{{.Name}} {{.Replicas}}',
    ])
    const live = name
      .split('\n')
      .find((line) => line.includes('2/2'))!
      .split(' ')[0]!
    await engine(['service', 'update', '--detach', '--env-add', 'MEDDLED=1', live])
    const status = await zarpe(['status'], options())
    expect(status.code).toBe(1)
    expect(JSON.stringify(status.events[0])).toContain(
      'changed by hand: TaskTemplate.ContainerSpec.Env',
    )
    await zarpeOk(['deploy'], options())
    await expect
      .poll(async () => (await zarpe(['status'], options())).code, { timeout: 60_000 })
      .toBe(0)
  })

  it('can be scaled, entered, and read', async () => {
    await zarpeOk(['scale', 'web=3'], options())
    expect(await engine(['ps', '--filter', 'label=zarpe.project=daily-production', '-q'])).toMatch(
      /^(\w+\s?){3}$/,
    )
    const shell = await zarpeOk(['exec', 'web', '--', 'cat'], {
      ...options(),
      json: false,
      input: 'a $b "c"\n',
    })
    expect(shell.stdout).toBe('a $b "c"\n')
    const once = await zarpe(['run', 'web', '--', 'node', '-e', 'process.exit(7)'], {
      ...options(),
      json: false,
    })
    expect(once.code).toBe(7)
    // One whose asker goes away is not left behind either.
    let started = () => {}
    const sleeping = zarpe(['run', 'web', '--', 'sh', '-c', 'echo begun; sleep 3'], {
      ...options(),
      onStart: (_pid, kill) => (started = () => kill('SIGKILL')),
      onEvent: () => started(),
    })
    expect((await sleeping).code).toBe(137)
    const runs = ['ps', '--all', '--quiet', '--filter', 'label=zarpe.role=run']
    expect(await engine(runs)).not.toBe('')
    await expect.poll(() => engine(runs), { timeout: 30_000 }).toBe('')
    const logs = await zarpeOk(['logs', 'web', '--lines', '5'], options())
    expect(logs.events.length).toBeGreaterThan(0)
    expect(logs.events[0]).toMatchObject({ type: 'log', service: 'web' })
  })

  it('shows a page of its own while nothing of it runs, and goes back to the plain one', async () => {
    const browser = { accept: 'text/html' }
    const roots = await rootCertificate()
    const asked = () => ask(vps.address, 'daily.example', '/', roots, browser)
    const shown = async () => {
      await zarpeOk(['scale', 'web=0'], options())
      // What is stopped ends what it serves.
      await expect.poll(async () => (await asked()).status, { timeout: 60_000 }).toBe(503)
      return asked()
    }
    const page = '<!doctype html><title>Soon</title><h1>We are back at nine</h1>'
    // The number of tasks is the Compose file's again.
    await zarpeOk(['deploy', '--no-build'], options())
    project.write('soon.html', page)
    const written = project.read('zarpe.yml')
    project.write(
      'zarpe.yml',
      written.replace(/^edge:\n/m, 'edge:\n  maintenance_page: soon.html\n'),
    )
    const { events } = await zarpeOk(['deploy', '--no-build'], options())
    const causes = events.flatMap(({ type, steps }) =>
      type === 'plan' ? (steps as { kind: string }[]).map(({ kind }) => kind) : [],
    )
    expect(causes).toContain('edge.configure')
    expect(causes).not.toContain('service.start')
    expect(await shown()).toMatchObject({
      status: 503,
      body: page,
      headers: { 'retry-after': '10' },
    })
    project.write('zarpe.yml', written)
    await zarpeOk(['deploy', '--no-build'], options())
    expect((await shown()).body).toContain('Back in a moment')
    await zarpeOk(['deploy', '--no-build'], options())
  }, 300_000)

  it('shows what is printed from now on, until Ctrl-C', async () => {
    const started = new Date().toISOString()
    let interrupt = () => undefined as void
    let scaling = null as Promise<unknown> | null
    const { code, events, stderr } = await zarpe(['logs', 'web', '-f', '-n', '1'], {
      ...options(),
      ownGroup: true,
      onStart: (_pid, kill) => (interrupt = () => kill('SIGINT')),
      // A line of before comes first; what a new task prints then is seen by following only.
      onEvent: ({ at }) => {
        if (String(at) <= started) scaling ??= zarpeOk(['scale', 'web=4'], options())
        else {
          interrupt()
          interrupt = () => undefined
        }
      },
    })
    await scaling
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' })
    expect(events.every(({ type }) => type === 'log')).toBe(true)
    expect(String(events.at(-1)!['at']) > started).toBe(true)
  })

  it('goes on without whoever pressed Ctrl-C, and says so', async () => {
    const current = async () => (await zarpeOk(['releases'], options())).events.at(-1)!['current']
    const before = Number(await current())
    let interrupt = () => undefined as void
    project.version('4.0.0')
    const { code, stderr } = await zarpe(['deploy'], {
      ...options(),
      json: false,
      ownGroup: true,
      onStart: (_pid, kill) => (interrupt = () => kill('SIGINT')),
      onText: (text) => {
        if (!text.includes('✓ release.open')) return
        interrupt()
        interrupt = () => undefined
      },
    })
    expect(code).toBe(130)
    expect(stderr).toContain('The server goes on with')
    await expect.poll(current, { timeout: 120_000, interval: 2_000 }).toBe(before + 1)
  })

  it('refuses a rollback to what is not there', async () => {
    const result = await zarpe(['rollback', '999'], options())
    expect(result.code).not.toBe(0)
    expect(problemIn(result).code).toBe('config/no-such-release')
  })

  it('refuses logs of what never was, and tells it from what printed nothing of the kind', async () => {
    for (const follow of [[], ['-f']])
      for (const [what, code] of [
        [['--release', '999'], 'config/unknown-release'],
        [['wbe'], 'config/unknown-service'],
      ] as const) {
        const result = await zarpe(['logs', ...what, ...follow], options())
        expect([result.code, problemIn(result).code]).toEqual([3, code])
      }
    const nothing = await zarpeOk(['logs', 'web', '--grep', 'nobody-says-this'], options())
    expect(nothing.events).toEqual([])
  })
})
