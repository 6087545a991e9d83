import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sshConfigFile } from '../../src/lab/keys.ts'
import { down, inside, up } from '../../src/lab/vps.ts'
import { problemIn, zarpe, zarpeOk } from '../lab/cli.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'

// The server's own engine builds, from the files of the laptop, over the one connection.

const name = 'builder'
let project: Project
const there = () => ({ folder: project.folder, server: name })
const resultOf = (events: Record<string, unknown>[]) =>
  events.find(({ type }) => type === 'result') ?? {}
const on = async (argv: string[]) => (await inside(name, argv)).stdout

beforeAll(async () => {
  await down(name)
  const server = await readyServer(name)
  await pointTo(server, ['there.example'])
  project = await projectFrom('hello', 'there', 'there.example')
  project.hurry()
})

afterAll(async () => {
  project.remove()
  if (!process.env['ZARPE_KEEP']) await down(name)
})

const elsewhere = 'engine-elsewhere'

/** An engine whose loopback is not this machine's, at a socket here: what Docker Desktop or a remote host is. */
const withEngineElsewhere = async (act: (env: Record<string, string>) => Promise<void>) => {
  await up({ name: elsewhere, image: 'debian-13-docker' }, () => undefined)
  const folder = mkdtempSync(join(tmpdir(), 'zarpe-elsewhere-'))
  const socket = join(folder, 'docker.sock')
  const argv = ['-F', sshConfigFile(), '-N', '-l', 'root', '-L', `${socket}:/var/run/docker.sock`]
  const tunnel = spawn('ssh', [...argv, elsewhere], { stdio: 'ignore' })
  try {
    await expect.poll(() => existsSync(socket), { timeout: 20_000 }).toBe(true)
    await act({ DOCKER_HOST: `unix://${socket}` })
  } finally {
    tunnel.kill()
    rmSync(folder, { recursive: true, force: true })
    await down(elsewhere)
  }
}

describe('an image that the server builds', () => {
  it('is released, and nothing of an image crosses the line', async () => {
    const { events } = await zarpeOk(['deploy', '--build-on', 'server'], there())
    expect(events.find(({ type }) => type === 'built')).toMatchObject({
      on: 'server',
      services: ['web'],
    })
    expect(resultOf(events)).toMatchObject({ outcome: 'released', bytesShipped: 0 })
    expect(resultOf(events)['exchanges']).toBeLessThanOrEqual(5)
    const images = await on(['docker', 'image', 'ls', '--digests', '--format', '{{.Repository}}'])
    expect(images.split('\n')).toContain('127.0.0.1:5211/there-production/web')
  })

  it('is not released again when nothing changed, and is told apart when something did', async () => {
    const same = await zarpeOk(['deploy', '--build-on', 'server'], there())
    expect(resultOf(same.events)).toMatchObject({ outcome: 'unchanged' })
    project.version('2.0.0')
    const changed = await zarpeOk(['deploy', '--build-on', 'server'], there())
    expect(resultOf(changed.events)).toMatchObject({ outcome: 'released' })
    await zarpeOk(['rollback'], there())
  })

  it('says what failed in the build, and leaves what serves alone', async () => {
    const whole = project.read('Dockerfile')
    project.write('Dockerfile', `${whole}\nRUN echo the cause && false\n`)
    const failed = await zarpe(['deploy', '--build-on', 'server'], there())
    expect(problemIn(failed).code).toBe('image/not-built')
    expect(problemIn(failed).evidence?.join('\n')).toContain('the cause')
    project.write('Dockerfile', whole)
  })

  it('leaves no door, no socket and no bytes behind', async () => {
    expect(await on(['sh', '-c', 'ls /tmp | grep zarpe- || true'])).toBe('')
    expect(await on(['sh', '-c', "ss -ltnH 'sport = :5211'"])).toBe('')
    expect(Number(await on(['stat', '-c', '%s', '/var/lib/zarpe/layers']))).toBeLessThan(10_000)
  })

  it('is as good from an engine that cannot reach this program, such as one in a virtual machine', async () => {
    await withEngineElsewhere(async (env) => {
      project.version('3.0.0')
      const first = resultOf((await zarpeOk(['deploy'], { ...there(), env })).events)
      expect(first).toMatchObject({ outcome: 'released' })
      expect(first['bytesShipped']).toBeGreaterThan(0)
      const same = resultOf((await zarpeOk(['deploy'], { ...there(), env })).events)
      expect(same).toMatchObject({ outcome: 'unchanged', bytesShipped: 0 })
      project.version('3.0.1')
      const next = resultOf((await zarpeOk(['deploy'], { ...there(), env })).events)
      expect(next).toMatchObject({ outcome: 'released' })
      // Of the image, the layer with the app alone.
      expect(next['bytesShipped']).toBeLessThan(200_000)
    })
  })

  it('goes with the app', async () => {
    await zarpeOk(['remove'], there())
    const images = await on(['docker', 'image', 'ls', '--format', '{{.Repository}}'])
    expect(images).not.toContain('there-production')
  })
})
