import { afterAll, describe, expect, it } from 'vitest'
import { down, inside } from '../../src/lab/vps.ts'
import { zarpeOk } from '../lab/cli.ts'
import { projectFrom } from '../lab/project.ts'
import { pointTo, readyServer } from '../lab/server.ts'

// The oldest system that is supported, with the oldest engine (20.10): from bare to HTTPS and back.

const server = 'old'

afterAll(async () => {
  if (!process.env['ZARPE_KEEP']) await down(server)
})

describe('Debian 12', () => {
  it('is set up from bare, released twice and rolled back; a second set-up plans nothing', async () => {
    const vps = await readyServer(server, 'debian-12')
    const version = await inside(server, ['docker', 'version', '--format', '{{.Server.Version}}'])
    expect(version.stdout).toMatch(/^20\.10\./)
    const again = await zarpeOk(['setup', `root@${server}`])
    expect(again.events.at(-1)).toMatchObject({ outcome: 'unchanged' })

    const project = await projectFrom('hello', 'older', 'older.example')
    project.hurry()
    await pointTo(vps, ['older.example'])
    const options = { folder: project.folder, server }
    await zarpeOk(['deploy'], options)
    project.version('2.0.0')
    await zarpeOk(['deploy'], options)
    await zarpeOk(['rollback'], options)
    expect((await zarpeOk(['status'], options)).events[0]).toMatchObject({ ok: true })
    project.remove()
  })
})
