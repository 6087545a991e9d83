import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addresses } from '../../src/lab/network.ts'
import { down, inside } from '../../src/lab/vps.ts'
import { said, zarpe, zarpeOk } from '../lab/cli.ts'
import { type Project, projectFrom } from '../lab/project.ts'
import { startHooks, startMail } from '../lab/receivers.ts'
import { pointTo, readyServer } from '../lab/server.ts'

// Nobody is at a terminal when a backup fails at three in the morning: the server tells by itself. What it
// sends arrives at a real web server and a real mail server.

const server = 'alerts'
const project = 'alerts-production'
const unit = `zarpe-backup-${project}.configuration.service`
const look = `zarpe-alerts-${project}.service`
const secretPath = '/zq-hook-4c1d'
const receivers = addresses.gateway

let app: Project
let hooks: Awaited<ReturnType<typeof startHooks>>
let mail: Awaited<ReturnType<typeof startMail>>

const options = () => ({ folder: app.folder, server })
const onServer = (...argv: string[]) => inside(server, argv, { limitMs: 120_000 })
const isActive = async (name: string) => (await onServer('systemctl', 'is-active', name)).stdout

type Alert = Record<'began' | 'still' | 'over', { text: string }[]> & {
  project: string
  test: boolean
}

const sentTo = (path: string) => hooks.received.filter((each) => each.path === path)
/** What the webhook was sent since it was last asked. */
const alerts = () => {
  const sent = sentTo(secretPath).map(({ body }) => JSON.parse(body) as Alert)
  hooks.received.length = 0
  return sent
}
const texts = (all: Alert[], kind: 'began' | 'still' | 'over') =>
  all.flatMap((each) => each[kind].map(({ text }) => text))

/** Puts a file where backups go, so that none can be taken. */
const breakStore = async () => {
  await onServer('mv', '/var/backups/zarpe', '/var/backups/zarpe.away')
  await onServer('touch', '/var/backups/zarpe')
}
const mendStore = async () => {
  await onServer('rm', '/var/backups/zarpe')
  await onServer('mv', '/var/backups/zarpe.away', '/var/backups/zarpe')
}

/** As if what was told had been told so long ago. */
const letPass = (minutes: number) =>
  onServer(
    '/usr/local/lib/zarpe/node',
    '-e',
    `const fs = require('node:fs')
    const file = '/var/lib/zarpe/projects/${project}/alerts-told.json'
    const ledger = JSON.parse(fs.readFileSync(file, 'utf8'))
    const back = (at) => new Date(Date.parse(at) - ${minutes} * 60_000).toISOString()
    for (const each of ledger.standing) {
      each.seenAt = back(each.seenAt)
      for (const name of Object.keys(each.told)) each.told[name] = back(each.told[name])
    }
    fs.writeFileSync(file, JSON.stringify(ledger))`,
  )

const statusTroubles = async () => {
  const { events } = await zarpe(['status'], options())
  const status = events.find(({ type }) => type === 'status') as {
    ok: boolean
    backups: { trouble: { text: string }[] }[]
    alerts: { text: string }[]
  }
  return {
    ok: status.ok,
    data: status.backups.flatMap(({ trouble }) => trouble.map(({ text }) => text)),
    alerts: status.alerts.map(({ text }) => text),
  }
}

beforeAll(async () => {
  hooks = await startHooks(receivers)
  mail = await startMail(receivers)
  await pointTo(await readyServer(server), ['alerts.example'])
  app = await projectFrom('hello', 'alerts', 'alerts.example')
  app.write(
    'zarpe.yml',
    `${app.read('zarpe.yml')}
release: { watch: 1s }
backups: { configuration: { at: "03:00", keep: { local: 7d } } }
alerts:
  to:
    hook: { webhook: HOOK_URL }
    phone: { ntfy: NTFY_URL }
    team: { mail: ops@shop.example, smtp: SMTP_URL }
  heartbeat: BEAT_URL
`,
  )
  app.write(
    '.env.production',
    [
      `HOOK_URL=${hooks.url}${secretPath}`,
      `NTFY_URL=${hooks.url}/ntfy`,
      `BEAT_URL=${hooks.url}/beat`,
      `SMTP_URL=smtp://${receivers}:${mail.port}`,
      '',
    ].join('\n'),
  )
  await zarpeOk(['deploy'], options())
})

afterAll(async () => {
  app.remove()
  await hooks.close()
  await mail.close()
  if (!process.env['ZARPE_KEEP']) await down(server)
})

describe('a server', () => {
  it('reaches everybody in a test, and says whom it tells without a secret', async () => {
    const tested = await zarpeOk(['alerts', 'test'], options())
    expect(tested.events.filter(({ type }) => type === 'tested')).toMatchObject([
      { name: 'hook', problem: null },
      { name: 'phone', problem: null },
      { name: 'team', problem: null },
    ])
    expect(alerts()).toMatchObject([{ project, test: true }])
    expect(mail.mails.splice(0)).toMatchObject([{ to: ['ops@shop.example'] }])
    const listed = await zarpeOk(['alerts', 'list'], { ...options(), json: false })
    expect(listed.stdout).toContain(`hook: webhook, ${new URL(hooks.url).host}\n`)
    expect(listed.stdout).not.toContain(secretPath)
  })

  it('is heard of as long as nothing is wrong, and tells nobody anything', async () => {
    await zarpeOk(['backup', 'now'], options())
    expect(await isActive(`zarpe-alerts-${project}.timer`)).toBe('active\n')
    await onServer('systemctl', 'start', look)
    expect(sentTo('/beat').length).toBeGreaterThan(0)
    expect(alerts()).toEqual([])
    expect(mail.mails).toEqual([])
    expect(await statusTroubles()).toEqual({ ok: true, data: [], alerts: [] })
  })

  it('tells at once, and once, that a backup by the clock failed and why', async () => {
    await breakStore()
    expect((await onServer('systemctl', 'start', unit)).code).not.toBe(0)
    const [text] = texts(alerts(), 'began')
    expect(text).toMatch(/^data configuration: the backup of .* UTC failed: /)
    expect(mail.mails.splice(0)).toMatchObject([
      { to: ['ops@shop.example'], text: expect.stringContaining('data configuration: the ') },
    ])
    const status = await statusTroubles()
    expect(status.ok).toBe(false)
    expect(status.data).toEqual([text!.replace('data configuration: ', '')])
    await onServer('systemctl', 'start', look)
    // Silence is the sign for whoever expects the heartbeat.
    expect(hooks.received).toEqual([])
    expect(mail.mails).toEqual([])
  })

  it('tells again after a day', async () => {
    await letPass(24 * 60)
    await onServer('systemctl', 'start', look)
    expect(texts(alerts(), 'still')).toHaveLength(1)
  })

  it('tells that it is over, and a channel that was away gets it when it is back', async () => {
    await mendStore()
    await onServer('systemctl', 'start', unit)
    expect(alerts()).toEqual([])
    await letPass(20)
    hooks.answer = 503
    await onServer('systemctl', 'start', look)
    expect(mail.mails.splice(0).at(-1)!.text).toContain('Over:')
    const { data, alerts: silence } = await statusTroubles()
    expect(data).toEqual([])
    expect(silence).toEqual(
      expect.arrayContaining([expect.stringMatching(/^hook was not reached: .* answered 503$/)]),
    )
    hooks.answer = 200
    await onServer('systemctl', 'start', look)
    expect(texts(alerts(), 'over')).toHaveLength(1)
    expect(await statusTroubles()).toEqual({ ok: true, data: [], alerts: [] })
    expect(mail.mails).toEqual([])
  })

  it('tells of a backup that was cut short', async () => {
    // Somebody else's backup is under way, so that it waits its turn and can be killed.
    const hold = 'require("node:net").createServer().listen("\\0zarpe-backups-in-turn")'
    await onServer(
      ...['systemd-run', '--unit=another-backup', '/usr/local/lib/zarpe/node', '-e', hold],
    )
    await onServer('systemctl', 'start', '--no-block', unit)
    for (let tries = 0; tries < 100; tries++) {
      const runs = await onServer(
        'cat',
        `/var/lib/zarpe/projects/${project}/scheduled/configuration.json`,
      )
      if (runs.stdout.includes('"running": {')) break
      await sleep(200)
    }
    await onServer('systemctl', 'start', look)
    expect(alerts(), 'while it goes on').toEqual([])
    await onServer('systemctl', 'kill', '--signal=KILL', unit)
    await onServer('systemctl', 'stop', 'another-backup')
    await onServer('systemctl', 'start', look)
    expect(texts(alerts(), 'began')).toMatchObject([expect.stringContaining('was cut short')])
  })

  it('tells, and once, though the disk is full', async () => {
    const state = '/var/lib/zarpe/projects'
    const fill = `set -e
      mount -t tmpfs -o size=8m tmpfs /mnt; cp -a ${state}/. /mnt/; mount --move /mnt ${state}
      dd if=/dev/zero of=${state}/fill bs=64k 2>/dev/null || true`
    await onServer('sh', '-c', fill)
    try {
      expect((await onServer('systemctl', 'start', unit)).code).not.toBe(0)
      expect(texts(alerts(), 'began')).toMatchObject([expect.stringContaining('A disk is full.')])
      await onServer('systemctl', 'start', look)
      expect(alerts()).toEqual([])
    } finally {
      await onServer('umount', state)
    }
    // What was known in memory alone is known on the disk from the next time on.
    await onServer('systemctl', 'start', unit)
    expect(alerts()).toEqual([])
    expect((await statusTroubles()).data).toEqual([])
  })

  it('keeps no secret of a channel where anybody could read it', async () => {
    const grep = ['grep', '-rlaF', '--devices=skip', secretPath.slice(1), '/var/lib/zarpe', '/etc']
    expect((await onServer(...grep)).stdout).toBe('')
    const journal = await onServer('journalctl', '--no-pager', '--output=cat')
    expect(journal.stdout).not.toContain(secretPath)
  })

  it('tells nobody any more when zarpe.yml names nobody', async () => {
    app.write('zarpe.yml', app.read('zarpe.yml').replace(/^alerts:[^]*/m, ''))
    const deployed = await zarpeOk(['deploy'], options())
    expect(
      deployed.events.some((event) => event['id'] === 'alerts.unconfigure'),
      said(deployed),
    ).toBe(true)
    const units = await onServer('systemctl', 'list-unit-files', 'zarpe-alerts-*', '--no-legend')
    expect(units.stdout).toBe('')
    const tested = await zarpe(['alerts', 'test'], options())
    expect(tested.code).toBe(3)
    expect(tested.events).toContainEqual(expect.objectContaining({ code: 'alerts/nobody' }))
  })
})
