import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { down, inside } from '../../src/lab/vps.ts'
import { type CliResult, problemIn, zarpe } from '../lab/cli.ts'
import { figure, isSoak } from '../lab/figures.ts'
import type { Project } from '../lab/project.ts'
import { tablesOf18 } from './backups/eighteen.suite.ts'
import { steadyDigests } from './backups/digests.suite.ts'
import { encryptedCopies } from './backups/encrypted.suite.ts'
import { backupFaults } from './backups/faults.suite.ts'
import { dumpsForNewer } from './backups/upgrade.suite.ts'
import { harmed } from './backups/damage.ts'
import { damageAtRandom } from './backups/damage.suite.ts'
import { managedDatabase } from './backups/managed.suite.ts'
import { heldToRate } from './backups/rate.suite.ts'
import { severalStores } from './backups/stores.suite.ts'
import {
  backup,
  backupCut,
  backupOk,
  copyOf,
  deployed,
  discardAsides,
  expectNoneHalf,
  fillHostile,
  hostileThere,
  leftovers,
  listed,
  liveDigest,
  newest,
  onServer,
  project,
  releasedLedger,
  server,
  sql,
  startWriters,
} from './backups/ledger.ts'

// A backup is called one only when it was restored and counted. Each test states one obligation and
// looks at the database itself, past the program.

let ledger: Project
let isReleased = false

beforeAll(async () => {
  ledger = await releasedLedger()
  isReleased = true
})

afterAll(async () => {
  // Not there if the first release failed.
  if (isReleased) ledger.remove()
  await down(server)
})

/** zarpe.yml with something else expected of the data. */
const expecting = (config: string, what: string) =>
  config.replace(/expect: .*/, `expect: { ${what} }`)

describe('a backup', () => {
  it('is taken and proven while four clients write', async () => {
    const writers = await startWriters()
    await sleep(2_000)
    const rounds = isSoak ? 20 : 2
    const started = Date.now()
    for (let round = 0; round < rounds; round++) await backupOk(ledger, ['now'])
    const written = await writers.stop()
    const backups = await listed(ledger)
    expect(backups.map(({ state }) => state)).toEqual(Array(rounds).fill('proven'))
    expect(backups.at(-1)!.summary.rows).toBeGreaterThan(0)
    expect(written).toBeGreaterThan(100)
    const seconds = ((Date.now() - started) / 1000).toFixed(0)
    figure(
      'backups in a row, proven while four clients write without pause',
      `${rounds} of ${rounds}, 0 differences, ${written} transactions of theirs in ${seconds} s`,
    )
  })

  it('holds what a naive one gets wrong', async () => {
    const units = await fillHostile()
    await backupOk(ledger, ['now'])
    const last = await newest(ledger)
    expect(last).toMatchObject({ state: 'proven', summary: { units } })
    const { stdout } = await inside(server, ['cat', `${copyOf(last.id)}.json`])
    const { contents } = JSON.parse(stdout) as { contents: Record<string, unknown[]> }
    expect(contents['skipped']).toEqual([
      expect.objectContaining({ name: 'stale', why: expect.stringContaining('materialised') }),
    ])
    expect(contents['roles']).toEqual(expect.arrayContaining(['Mixed Role', 'bookkeeper']))
  })

  it('is its owner’s alone, with no password anywhere', async () => {
    const open = await onServer('find', '/var/backups/zarpe', '-perm', '/077')
    expect(open).toBe('')
    const left = await onServer(
      'docker',
      'ps',
      '--all',
      '--quiet',
      '--filter',
      'label=zarpe.role=data',
    )
    expect(left).toBe('')
    expect(await onServer('docker', 'volume', 'ls', '--quiet', '--filter', 'dangling=true')).toBe(
      '',
    )
    expect(await onServer('ls', '-A', '/run/zarpe/passwords')).toBe('')
    const { code } = await inside(server, [
      ...[
        'grep',
        '--recursive',
        '--quiet',
        'pass.word with',
        '/var/lib/zarpe',
        '/var/backups/zarpe',
        '/etc/systemd/system',
      ],
    ])
    expect(code).toBe(1)
  })

  it('is taken by its timer, without a laptop', async () => {
    const unit = `zarpe-backup-${project}.main`
    expect(await onServer('systemctl', 'is-enabled', `${unit}.timer`)).toBe('enabled')
    await onServer('systemctl', 'start', `${unit}.service`)
    expect(await newest(ledger)).toMatchObject({ state: 'proven', reason: 'schedule' })
  })
})

describe('damage is found and named', () => {
  const cases: [what: string, suffix: string, harm: (path: string) => string[], says: RegExp][] = [
    ['a file that is cut short', '.tar', (path) => ['truncate', '--size=-700', path], /bytes, not/],
    [
      'one changed bit',
      '.tar',
      (path) => ['sh', '-c', `printf '\\377' | dd of="$1" bs=1 seek=4200 conv=notrunc`, 'sh', path],
      /SHA-256/,
    ],
    [
      'a manifest that says another number of rows',
      '.json',
      (path) => ['sed', '--in-place', '0,/"rows": [0-9]*/s//"rows": 4711/', path],
      /manifest is not the one/,
    ],
    ['a file that is gone', '.tar', (path) => ['rm', path], /./],
  ]

  it.each(cases)('%s', async (_what, suffix, harm, says) => {
    const { id } = await newest(ledger)
    const path = `${copyOf(id)}${suffix}`
    await harmed(path, harm(path), async () => {
      const result = await backup(ledger, ['verify', id])
      expect(result.code).toBe(1)
      expect(problemIn(result).detail).toMatch(says)
    })
    await backupOk(ledger, ['verify', id])
    expect(await newest(ledger)).toMatchObject({ id, state: 'proven' })
  })

  it('what the user expects and is not so', async () => {
    const config = ledger.read('zarpe.yml')
    ledger.write('zarpe.yml', expecting(config, 'entries: ">= 1000000000"'))
    await deployed(ledger)
    const result = await backup(ledger, ['now'])
    expect(problemIn(result)).toMatchObject({ code: 'data/not-proven' })
    expect(problemIn(result).detail).toContain('expected of entries: >= 1000000000')
    expect(await newest(ledger)).toMatchObject({ state: 'failed' })
    ledger.write('zarpe.yml', config)
    await deployed(ledger)
  })
})

damageAtRandom(() => ledger)

describe('a restore', () => {
  it('tells first what would be lost, and changes nothing', async () => {
    await backupOk(ledger, ['now'])
    await sql("INSERT INTO audit SELECT 'later' FROM generate_series(1, 7)")
    const { stdout, stderr } = await zarpe(['backup', 'restore', '--dry-run'], {
      folder: ledger.folder,
      server,
      json: false,
    })
    expect(stdout + stderr).toContain('public.audit: 7 rows fewer (8 now, 1 then)')
    expect(await sql('SELECT count(*) FROM audit')).toBe('8')
  })

  it('brings a dropped table back, and everything with it', async () => {
    const digest = () =>
      sql('SELECT count(*), sum(hash_record_extended(e, 0)::numeric) FROM public.events e')
    const before = await digest()
    await sql('DROP TABLE events CASCADE')
    await backupOk(ledger, ['restore'])
    expect(await digest()).toBe(before)
    expect(await sql('SELECT count(*) FROM audit')).toBe('1')
    expect(await sql('SHOW search_path')).toBe('books, public')
    expect(await sql("SELECT has_database_privilege('bookkeeper', 'ledger', 'CONNECT')")).toBe('t')
  })

  it('can be undone, and what it put aside removed', async () => {
    await backupOk(ledger, ['undo'])
    expect(await sql("SELECT to_regclass('public.events')")).toBe('')
    await backupOk(ledger, ['undo'])
    expect(await sql('SELECT count(*) FROM public.events')).toBe('401')
    await backupOk(ledger, ['discard'])
    const names = await sql(
      "SELECT string_agg(datname, ',') FROM pg_database WHERE datname LIKE 'ledger%'",
    )
    expect(names).toBe('ledger')
  })

  it('of a copy that was harmed leaves the live data alone', async () => {
    const { id } = await newest(ledger)
    const path = `${copyOf(id)}.tar`
    await harmed(path, ['truncate', '--size=-1', path], async () => {
      const result = await backup(ledger, ['restore', id])
      expect(problemIn(result)).toMatchObject({ code: 'data/damaged' })
    })
    expect(await sql('SELECT count(*) FROM public.events')).toBe('401')
    expect(await sql("SELECT count(*) FROM pg_database WHERE datname LIKE 'ledger%'")).toBe('1')
  })
})

describe('a table that was lost', () => {
  const odd = `"Odd ""Schema"" with $signs"."Table; DROP TABLE x; --"`
  const state = () =>
    sql(
      `SELECT count(*), sum(hash_record_extended(m, 0)::numeric) FROM made m; SELECT last_value FROM made_id_seq; SELECT * FROM ${odd};
       SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = 'made'::regclass ORDER BY 1`,
    )
  const events = () =>
    sql('SELECT count(*), sum(hash_record_extended(e, 0)::numeric) FROM public.events e')
  const to = (name: string) => join(ledger.folder, name)
  const takenOut = () => readdirSync(ledger.folder).filter((name) => /taken/.test(name))

  it('is taken out of a backup, and put back by psql alone', async () => {
    const before = await state()
    await sql(`DROP TABLE made, ${odd}`)
    await backupOk(ledger, ['extract', 'public.made', odd, '--to', to('taken.sql')])
    expect(statSync(to('taken.sql')).mode & 0o777).toBe(0o600)
    const text = readFileSync(to('taken.sql'), 'utf8')
    await sql(text)
    expect(await state()).toBe(before)
    await expect(sql(text)).rejects.toThrow('already exists')
    expect(await state()).toBe(before)
  })

  it('stands beside the live one, which gets back what it lost', async () => {
    const before = await events()
    await sql('DELETE FROM public.events WHERE id % 3 = 0')
    const beside = ['--beside', 'rescued', '--to', to('taken-beside.sql')]
    await backupOk(ledger, ['extract', 'events', ...beside])
    expect(await events()).not.toBe(before)
    await sql(readFileSync(to('taken-beside.sql'), 'utf8'))
    await sql(
      'INSERT INTO public.events SELECT * FROM rescued.events r WHERE NOT EXISTS (SELECT FROM public.events e WHERE e.id = r.id); DROP SCHEMA rescued CASCADE',
    )
    expect(await events()).toBe(before)
  })

  it('comes as CSV, into a pipe', async () => {
    const { stdout, code } = await zarpe(['backup', 'extract', 'hen', '--csv', '--to', '-'], {
      folder: ledger.folder,
      server,
      json: false,
    })
    expect([code, stdout]).toEqual([0, 'id,egg\n1,1\n2,\n3,\n'])
  })

  it('is not had of a copy that was harmed, nor by a wrong name', async () => {
    const before = takenOut()
    const { id } = await newest(ledger)
    const path = `${copyOf(id)}.tar`
    await harmed(path, ['truncate', '--size=-1', path], async () => {
      const result = await backup(ledger, ['extract', id, 'events', '--to', to('taken-not')])
      expect(problemIn(result)).toMatchObject({ code: 'data/damaged' })
    })
    const result = await backup(ledger, ['extract', 'evnets', '--to', to('taken-not')])
    expect(result.code).toBe(3)
    expect(problemIn(result).detail).toContain('near it: public.events')
    expect(takenOut()).toEqual(before)
    expect(await leftovers()).toEqual([])
  })
})

tablesOf18(() => ledger)
steadyDigests(() => ledger)
severalStores(() => ledger)
encryptedCopies(() => ledger)

describe('a release that migrates', () => {
  /** What was done to the program and its data, in order. */
  const actsOf = ({ events }: CliResult) =>
    events.flatMap(({ type, id }) => {
      const kind = String(id).split('/')[0]!
      const isAct = /^(job\.run|restore\.swap|service\.(apply|retire))$/.test(kind)
      return type === 'step.done' && isAct ? [kind] : []
    })

  it('takes a proven backup first, and goes back with its data', async () => {
    const users = () => sql('SELECT count(*) FROM public.entries')
    const before = await users()
    ledger.write(
      'migrate.sql',
      'DELETE FROM public.entries WHERE id > 0; CREATE TABLE public.two (id int);',
    )
    const deploy = await deployed(ledger)
    expect(actsOf(deploy)).toEqual(['job.run', 'service.apply'])
    expect(await users()).toBe('0')
    expect(await newest(ledger)).toMatchObject({ state: 'proven', reason: 'before a migration' })
    await sql("INSERT INTO public.entries (account, cents) VALUES ('since', 1)")
    const result = await zarpe(['rollback', '--with-data'], {
      folder: ledger.folder,
      server,
      json: false,
    })
    expect(result).toMatchObject({ code: 0 })
    expect(result.stderr).toContain(`public.entries:`)
    expect(await users()).toBe(before)
    expect(await sql("SELECT to_regclass('public.two')")).toBe('')
    const [aside] = (await backupOk(ledger, ['asides'])).events
    expect(await sql('SELECT count(*) FROM public.entries', String(aside!['name']))).toBe('1')
    await backupOk(ledger, ['discard'])
  })

  it('that loses what is expected does not go live', async () => {
    const config = ledger.read('zarpe.yml')
    ledger.write('zarpe.yml', expecting(config, 'public.entries: ">= 1"'))
    ledger.write('migrate.sql', 'TRUNCATE public.entries;')
    const result = await zarpe(['deploy'], { folder: ledger.folder, server })
    expect(problemIn(result)).toMatchObject({ code: 'data/unexpected' })
    expect(problemIn(result).detail).toContain('expected of public.entries: >= 1; found: 0')
    ledger.write('zarpe.yml', config)
    await backupOk(ledger, ['restore'])
    await backupOk(ledger, ['discard'])
    expect(Number(await sql('SELECT count(*) FROM public.entries'))).toBeGreaterThan(0)
  })
})

describe('a run whose agent is killed', () => {
  const moments = isSoak ? Array.from({ length: 20 }, (_each, index) => 500 + index * 700) : [4_500]
  beforeAll(hostileThere)

  it.each(moments)('takes no backup that looks whole and is not (after %i ms)', async (afterMs) => {
    const before = await liveDigest()
    await backupCut(ledger, ['now'], afterMs)
    await expectNoneHalf(ledger)
    await backupOk(ledger, ['now'])
    expect(await newest(ledger)).toMatchObject({ state: 'proven' })
    expect(await liveDigest()).toBe(before)
    expect(await leftovers()).toEqual([])
  })

  it('has a copy removed that was left without a manifest', async () => {
    const { id } = await newest(ledger)
    const half = copyOf(id.replace(/\d{6}Z$/, '000001Z'))
    await onServer('cp', `${copyOf(id)}.tar`, `${half}.tar`)
    await backupOk(ledger, ['now'])
    const left = await onServer('find', '/var/backups/zarpe', '-name', '*000001Z*')
    expect(left).toBe('')
  })

  it.each(moments)('restores all or nothing (after %i ms)', async (afterMs) => {
    const before = await liveDigest()
    await backupCut(ledger, ['restore'], afterMs)
    expect(await liveDigest()).toBe(before)
    await backupOk(ledger, ['restore'])
    expect(await liveDigest()).toBe(before)
    expect(await leftovers()).toEqual([])
    await discardAsides(ledger)
  })
})

backupFaults(() => ledger)
dumpsForNewer(() => ledger)
managedDatabase(() => ledger)

heldToRate(() => ledger)
