import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { down, inside, up, type Vps } from '../../src/lab/vps.ts'
import { problemIn, zarpe, zarpeOk } from '../lab/cli.ts'
import { ofZarpe } from '../lab/of-zarpe.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { pointTo } from '../lab/server.ts'

// What Zarpe put on a server goes again, whole; what is not its own stays.

const name = 'leaving'
const root = `root@${name}`
let server: Vps
let project: Project

const on = async (script: string) => (await inside(name, ['sh', '-c', script])).stdout.trim()

beforeAll(async () => {
  await down(name)
  server = await up({ name, image: 'debian-13-docker' }, () => undefined)
  await pointTo(server, ['leaving.example'])
  project = await projectFrom('hello', 'leaving', 'leaving.example')
  project.hurry()
})

afterAll(async () => {
  project.remove()
  if (!process.env['ZARPE_KEEP']) await down(name)
})

describe('a server that Zarpe leaves', () => {
  let configBefore = ''

  it('is not left while an app is released on it, nor by the user that goes with it', async () => {
    configBefore = await on('cat /etc/docker/daemon.json 2>/dev/null || true')
    await on('apt-mark hold runc')
    await zarpeOk(['setup', root])
    expect(await on('apt-mark showhold')).toContain('docker.io')
    await zarpeOk(['deploy'], { folder: project.folder, server: name })
    const used = await zarpe(['uninstall'], { server: root })
    expect(problemIn(used)).toMatchObject({ code: 'server/in-use' })
    expect(problemIn(used).detail).toContain('leaving-production')
    const itself = await zarpe(['uninstall'], { server: `deploy@${name}` })
    expect(problemIn(itself).code).toBe('config/uninstall-by-itself')
    expect(await on('docker service ls -q | wc -l')).toBe('1')
  })

  it('keeps nothing of it when the app is gone', async () => {
    expect(await ofZarpe(name)).toContain('/usr/local/bin/zarpe-agent')
    await on('docker volume create of-somebody')
    await zarpeOk(['remove'], { folder: project.folder, server: name })
    const { events } = await zarpeOk(['uninstall'], { server: root })
    const planned = events.find(({ type }) => type === 'planned') as { notes: string[] }
    expect(planned.notes.join('\n')).toContain('volume of-somebody stays')
    expect(await ofZarpe(name)).toBe('')
    expect(await on('id deploy 2>&1 || true')).toContain('no such user')
    expect(await on('nft list tables')).not.toContain('zarpe')
    expect(await on('apt-mark showhold')).toBe('runc')
    expect(await on('ip -o link')).not.toContain('zarpe')
    expect(await on("docker info --format '{{.Swarm.LocalNodeState}}'")).toBe('inactive')
    expect(
      await on("docker ps -aq; docker network ls --filter driver=overlay --format '{{.Name}}'"),
    ).toBe('')
    expect(await on('docker volume ls -q')).toBe('of-somebody')
    expect(await on('cat /etc/docker/daemon.json 2>/dev/null || true')).toBe(configBefore)
  })

  it('says so when it is left again, and can be set up anew', async () => {
    const again = await zarpe(['uninstall'], { server: root })
    expect(again.code).not.toBe(0)
    expect(problemIn(again).code).toBe('server/not-set-up')
    await zarpeOk(['setup', root])
    await zarpeOk(['deploy'], { folder: project.folder, server: name })
  })
})
