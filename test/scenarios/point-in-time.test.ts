import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import { down } from '../../src/lab/vps.ts'
import { problemIn } from '../lab/cli.ts'
import { postgresVersion } from '../lab/psql.ts'
import { figure, isSoak } from '../lab/figures.ts'
import {
  archive,
  backup,
  type Base,
  backupOk,
  bases,
  deployed,
  disk,
  encryptForAna,
  loseAllBut,
  onServer,
  type Moments,
  releasedMoments,
  segmentsOnDisk,
  soon,
  server,
  sql,
  ticking,
} from './point-in-time/moments.ts'
import { recoveredByHand } from './point-in-time/by-hand.ts'

// Any moment of a PostgreSQL service comes back: what was committed by then, all of it and nothing else. Each test looks
// at the database itself, past the program.

let moments: Moments

beforeAll(async () => {
  moments = await releasedMoments()
})

afterAll(async () => {
  moments?.remove()
  await down(server)
})

/** Whether the server can tell what has changed since a base backup. */
const tellsChanges = postgresVersion >= 17

const waiting = { timeout: 300_000, interval: 2_500 }

/** The history that goes on has a proven base backup, and a store has it too. */
const isBased = async (): Promise<boolean> => {
  const history = await sql('SELECT right(slot_name, 12) FROM pg_replication_slots')
  const own = (await bases(moments)).filter(({ log }) => log.history === history)
  return own.some(({ state, copies }) => state === 'proven' && copies['disk'] !== undefined)
}

const based = () => expect.poll(isBased, waiting).toBe(true)

/** As `based`, after something that begins a history; how long one waits for the timer is not what is tested. */
const basedAnew = async () => {
  await soon()
  await based()
}

/** Now, by the database's own clock. */
const now = () =>
  sql(`SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)

const digest = () =>
  sql(`SELECT count(*) || ' ' || md5(string_agg(e::text, '|' ORDER BY id)) FROM entries e`)

/** Whatever was committed by then is in a store. */
const archivedOnDisk = async (at: string) =>
  expect
    .poll(async () => (await archive(moments)).stores['disk']?.through ?? '', waiting)
    .toSatisfy((through: string) => through > at)

/** Whatever was committed by now is in a store, by a round that begins now: of one that had begun, more is not said. */
const archivedSoon = async () => {
  const at = await now()
  await soon()
  await archivedOnDisk(at)
}

/** A moment whose log is in a store, with how many entries there were. */
const aMoment = async () => {
  const [count, at] = [await sql('SELECT count(*) FROM entries'), await now()]
  await sql(`INSERT INTO entries (account, cents) VALUES ('after it', 1)`)
  await archivedSoon()
  return { count, at }
}

describe('the log of a server', () => {
  it('has a base backup at once, that nobody asked for, and it is proven', based)

  it('is in a store without a command', async () => {
    await sql(
      `INSERT INTO entries (account, cents) SELECT 'account ' || n, n FROM generate_series(1, 500) n`,
    )
    await archivedOnDisk(await now())
    expect((await archive(moments)).problem).toBe(null)
  })

  it.runIf(isSoak)('is in a store within a minute of any commit', async () => {
    await based()
    const writer = await ticking()
    const tookS: number[] = []
    // Of two rounds by the clock, from right after the one until right before the other.
    for (const afterS of [0, 8, 16, 24, 32, 38]) {
      await archivedSoon()
      await sleep(afterS * 1000)
      await sql(`INSERT INTO entries (account, cents) VALUES ('a moment', ${afterS})`)
      const [at, committed] = [await now(), Date.now()]
      while (((await archive(moments)).stores['disk']?.through ?? '') < at) await sleep(500)
      tookS.push((Date.now() - committed) / 1000)
    }
    await writer.stop()
    await sql('DROP TABLE ticks')
    const all = tookS.map((took) => took.toFixed(0)).join(', ')
    figure('from a commit to its log in a store, at six moments between two rounds', `${all} s`)
    expect(Math.max(...tookS), all).toBeLessThanOrEqual(60)
    expect((await archive(moments)).problem).toBe(null)
  })

  it('goes on without a gap when the server was killed', async () => {
    const before = await archive(moments)
    await onServer('sh', '-c', 'pkill -9 -x postgres')
    await expect.poll(() => sql('SELECT 1').catch(() => ''), waiting).toBe('1')
    await sql(`INSERT INTO entries (account, cents) VALUES ('after a crash', 1)`)
    await archivedSoon()
    expect((await archive(moments)).history).toBe(before.history)
  })
})

describe('a moment', () => {
  let justRestored: string

  it('comes back to the transaction, while somebody writes', async () => {
    const writer = await ticking()
    await sleep(3_000)
    const at = await now()
    await sleep(3_000)
    const written = await writer.stop()
    const expected = Number(await sql(`SELECT count(*) FROM ticks WHERE at <= '${at}'`))
    expect(expected).toBeGreaterThan(5)
    expect(expected).toBeLessThan(written)
    await sql('DROP TABLE entries')
    await backupOk(moments, ['restore', '--to', at])
    const [rows, last, newest] = (
      await sql(`SELECT count(*), max(id), max(at) <= '${at}' FROM ticks`)
    ).split('|')
    // A row is committed a moment after it is given its time.
    expect(expected - Number(rows)).toBeOneOf([0, 1])
    expect([last, newest]).toEqual([rows, 't'])
    expect(await digest()).toMatch(/^501 /)
  })

  it('is left again, and what was live comes back as it was', async () => {
    await backupOk(moments, ['undo'])
    await expect(digest()).rejects.toThrow('does not exist')
    await backupOk(moments, ['undo'])
    expect(await digest()).toMatch(/^501 /)
    await backupOk(moments, ['discard'])
  })

  it('can be had of the restored server too, whose log is a history of its own', async () => {
    await basedAnew()
    await sql(`UPDATE entries SET cents = cents + 1`)
    const [before, at] = [await digest(), await now()]
    await sleep(100)
    await sql('TRUNCATE entries')
    await backupOk(moments, ['restore', '--to', at])
    justRestored = await now()
    expect(await digest()).toBe(before)
    await backupOk(moments, ['discard'])
  })

  it('between two histories, or before the first base backup, is refused by name', async () => {
    const [first] = await bases(moments)
    const early = await backup(moments, ['restore', '--to', '2026-01-01T00:00:00Z'])
    expect(problemIn(early)).toMatchObject({
      code: 'data/not-archived',
      detail: expect.stringContaining(first!.id),
    })
    const between = await backup(moments, ['restore', '--to', justRestored])
    expect(problemIn(between).code).toBe('data/not-archived')
    expect(await digest()).toMatch(/^501 /)
  })
})

describe.runIf(tellsChanges)('a base backup of what has changed', () => {
  let [full, changed]: Base[] = []

  it('is small, proven with the full one that it builds on, and wherever that is', async () => {
    await basedAnew()
    ;[full] = (await bases(moments)).slice(-1)
    expect(full!.log.after).toBe(undefined)
    await sql(`UPDATE entries SET cents = cents + 10`)
    await backupOk(moments, ['now', 'main-base'])
    ;[changed] = (await bases(moments)).slice(-1)
    expect(changed).toMatchObject({ state: 'proven', log: { after: full!.id } })
    expect(Object.keys(changed!.copies)).toEqual(['local', 'disk'])
    const share = changed!.file.bytes / full!.file.bytes
    figure('a base backup of what has changed', `${(share * 100).toFixed(0)} % of the full one`)
    expect(share).toBeLessThan(0.5)
  })

  it('comes back, with the log after it', async () => {
    await sql(`UPDATE entries SET cents = cents + 100`)
    const [before, at] = [await digest(), await now()]
    await sleep(100)
    await sql('TRUNCATE entries')
    await archivedSoon()
    const { events } = await backupOk(moments, ['restore', '--to', at, '--from', 'disk'])
    expect(JSON.stringify(events)).toContain(changed!.id)
    expect(await digest()).toBe(before)
    await backupOk(moments, ['undo'])
    await backupOk(moments, ['discard'])
    await sql(
      `INSERT INTO entries (account, cents) SELECT 'new ' || n, n FROM generate_series(1, 501) n`,
    )
  })

  it('is not proven when the full one is harmed, which is named and sent again', async () => {
    const [file] = (await onServer('find', disk, '-name', `${full!.id}.tar`)).split('\n')
    const at = Math.floor(full!.file.bytes / 2)
    const flip = `printf 'x' | dd of="$1" bs=1 seek=${at} conv=notrunc status=none`
    await onServer('sh', '-euc', flip, 'sh', file!)
    const proof = await backup(moments, ['verify', changed!.id, '--from', 'disk'])
    expect(problemIn(proof)).toMatchObject({
      code: 'data/damaged',
      detail: expect.stringContaining(full!.id),
    })
    await backupOk(moments, ['now', 'main-base'])
    const [next] = (await bases(moments)).slice(-1)
    expect(next).toMatchObject({ state: 'proven', log: { after: changed!.id } })
    // The copy is there before the log that makes it whole, which says nothing of the copy.
    const early = await backup(moments, ['verify', next!.id, '--from', 'disk'])
    if (early.code !== 0) expect(problemIn(early).code).toBe('data/log-not-sent')
    await archivedSoon()
    await backupOk(moments, ['verify', next!.id, '--from', 'disk'])
  })
})

describe.skipIf(tellsChanges)('a base backup of a server before 17', () => {
  it('is a full one though zarpe.yml wants less, and says why', async () => {
    await basedAnew()
    const { events } = await backupOk(moments, ['now', 'main-base'])
    expect(JSON.stringify(events)).toContain('this server is older than PostgreSQL 17')
    const newest = (await bases(moments)).at(-1)!
    expect([newest.state, newest.log.after]).toEqual(['proven', undefined])
  })
})

describe.runIf(tellsChanges)('a store that was emptied', () => {
  it('is found out before it is sent what builds on nothing there, and gets all of it again', async () => {
    await onServer('find', `${disk}/moments-production`, '-name', '*.tar', '-delete')
    const found = await backup(moments, ['now', 'main-base'])
    expect(problemIn(found).code).toBe('data/not-stored')
    await backupOk(moments, ['now', 'main-base'])
    const newest = (await bases(moments)).at(-1)!
    await archivedSoon()
    await backupOk(moments, ['verify', newest.id, '--from', 'disk'])
  })
})

describe('without Zarpe', () => {
  it('a moment comes back by the commands of docs/formats/backup.md alone', async () => {
    await based()
    const { count, at } = await aMoment()
    const { history } = await archive(moments)
    const own = (await bases(moments)).filter(({ log }) => log.history === history)
    const full = own.findLast(({ log }) => log.after === undefined)!
    expect(await recoveredByHand(full, at)).toBe(count)
    if (!tellsChanges) return
    const changed = own.find(({ log }) => log.after === full.id)!
    expect(await recoveredByHand(changed, at)).toBe(count)
  })
})

describe('an archive that was harmed', () => {
  it('is told of, and the live data is not touched', async () => {
    const begun = await now()
    for (let round = 0; round < 3; round++) {
      await sql(
        `INSERT INTO entries (account, cents) VALUES ('round', ${round}); SELECT pg_switch_wal()`,
      )
    }
    await archivedSoon()
    const before = await digest()
    const at = (await archive(moments)).stores['disk']!.through!
    const files = (await segmentsOnDisk(moments)).slice(-3)
    expect(files).toHaveLength(3)
    expect(begun < at).toBe(true)
    const [, middle] = files
    await onServer('mv', middle!, '/root/segment')
    const gone = await backup(moments, ['restore', '--to', at, '--from', 'disk'])
    expect(problemIn(gone)).toMatchObject({ code: 'data/log-gap' })
    await onServer(
      'sh',
      '-euc',
      `cp /root/segment "$1"; printf 'x' | dd of="$1" bs=1 seek=200 conv=notrunc status=none`,
      'sh',
      middle!,
    )
    const flipped = await backup(moments, ['restore', '--to', at, '--from', 'disk'])
    expect(problemIn(flipped)).toMatchObject({ code: 'data/damaged' })
    await onServer('mv', '/root/segment', middle!)
    expect(await digest()).toBe(before)
    await backupOk(moments, ['restore', '--to', at, '--from', 'disk'])
    expect(await digest()).toBe(before)
    await backupOk(moments, ['discard'])
  })
})

describe('a server that was lost', () => {
  it('comes back on another one up to the last of its log, by what a store has', async () => {
    await basedAnew()
    await sql(`INSERT INTO entries (account, cents) VALUES ('the last', 1)`)
    // What is left of it is a full base backup, one of what had changed, and the log.
    await backupOk(moments, ['now', 'main-base'])
    await sql(`INSERT INTO entries (account, cents) VALUES ('the very last', 1)`)
    const committed = Date.parse(
      await sql(`SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`),
    )
    await archivedSoon()
    const before = await digest()
    await loseAllBut(disk)
    await sql('TRUNCATE entries')
    await backupOk(moments, ['find', 'disk'])
    const lost = await bases(moments)
    expect(lost.at(-1)!.log.after).toBe(tellsChanges ? lost.at(-2)!.id : undefined)
    await basedAnew()
    // By now there is a base backup of the new server, and its database is empty.
    const newest = ['restore', '--to', 'latest', '--from', 'disk']
    expect(problemIn(await backup(moments, newest)).code).toBe('data/which-history')
    const named = ['restore', lost.at(-1)!.id, '--to', 'latest', '--from', 'disk']
    const { events } = await backupOk(moments, named)
    expect(await digest()).toBe(before)
    const told = events.find(({ stays }) => stays === true)
    const [, at] = /^recovered; the last transaction was committed at (\S+Z)$/.exec(
      String(told?.['text']),
    )!
    // The server itself commits now and then, as when it is analysed.
    expect(Date.parse(at!)).toBeGreaterThan(committed - 5_000)
    expect(Date.parse(at!)).toBeLessThan(Date.now())
    await backupOk(moments, ['discard'])
  })
})

describe('an encrypted archive', () => {
  it('is a history of its own, which comes back with the key of a recipient and without it does not', async () => {
    const plain = moments.read('zarpe.yml')
    const { ana, nobody } = await encryptForAna(moments)
    await basedAnew()
    await backupOk(moments, ['now', 'main-base'])
    await sql(`INSERT INTO entries (account, cents) VALUES ('sealed', 1)`)
    await archivedSoon()
    const files = await segmentsOnDisk(moments)
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) expect(file).toMatch(/\.zst\.age$/)
    expect(await onServer('head', '--bytes=21', files[0]!)).toBe('age-encryption.org/v1')
    const [before, at] = [await digest(), (await archive(moments)).stores['disk']!.through!]
    await sql('TRUNCATE entries')
    const restore = ['restore', '--to', at, '--from', 'disk']
    expect(problemIn(await backup(moments, restore, nobody)).code).toBe('secrets/not-for-you')
    await backupOk(moments, restore, ana)
    expect(await digest()).toBe(before)
    await backupOk(moments, ['discard'])
    const found =
      'grep --recursive --files-with-matches AGE-SECRET-KEY /mnt/disk /etc/systemd || true'
    expect(await onServer('sh', '-c', found)).toBe('')
    moments.write('zarpe.yml', plain)
  })
})

describe('a moment that was undone', () => {
  it('is refused: what is live again has nothing of it', async () => {
    await deployed(moments)
    await basedAnew()
    const [before, at] = [await digest(), await now()]
    await sleep(100)
    await backupOk(moments, ['restore', '--to', at])
    await sql(`INSERT INTO entries (account, cents) VALUES ('to be undone', 1)`)
    const undone = await now()
    await sleep(100)
    await backupOk(moments, ['undo'])
    await archivedSoon()
    const result = await backup(moments, ['restore', '--to', undone])
    expect(problemIn(result).code).toBe('data/not-archived')
    await backupOk(moments, ['restore', '--to', at, '--dry-run'])
    await backupOk(moments, ['discard'])
    expect(await digest()).toBe(before)
  })
})

describe('a store that comes late', () => {
  it('gets the log from what base backups need on, and those can be restored from it', async () => {
    const change = async (from: string, to: string) => {
      const config = moments.read('zarpe.yml')
      expect(config).toContain(from)
      moments.write('zarpe.yml', config.replace(from, to))
      await deployed(moments)
    }
    await change(', full: 7d, between: incremental', '')
    await backupOk(moments, ['now', 'main-base'])
    const known = await bases(moments)
    const kept = known.at(-1)!
    expect(kept.log.after).toBeUndefined()
    for (let segment = 0; segment < 3; segment++) await aMoment()
    // As retention leaves it in time: the base backups before, and what they alone needed of the log, are gone.
    for (const { id } of known.filter((each) => each.id !== kept.id))
      await onServer('find', '/var/lib/zarpe/projects', '-name', `${id}.json`, '-delete')
    const local = `/var/backups/zarpe/wal/moments-production/main-base/${kept.log.history}`
    const [oldest] = (await onServer('find', local, '-type', 'f')).split('\n').toSorted()
    await onServer('rm', oldest!)
    await onServer('mkdir', '--mode=700', '/mnt/late')
    const config = moments.read('zarpe.yml')
    moments.write(
      'zarpe.yml',
      config.replace('stores: {', 'stores: { late: { url: "file:///mnt/late" },'),
    )
    await change('disk: 7d }', 'disk: 7d, late: 7d }')
    await backupOk(moments, ['now', 'main-base'])
    const at = await now()
    await soon()
    const late = async () => (await archive(moments)).stores['late']
    await expect
      .poll(async () => (await late())?.through ?? '', waiting)
      .toSatisfy((through: string) => through > at)
    expect((await late())!.problem).toBe(null)
    await backupOk(moments, ['verify', (await bases(moments)).at(-1)!.id, '--from', 'late'])
  })
})

describe('a server that archives its log by itself', () => {
  it('and fails in that is refused by name: a copy of it would never end', async () => {
    const restarted = async () => {
      await onServer('docker', 'service', 'update', '--quiet', '--force', 'moments-production_db')
      await expect.poll(() => sql('SELECT 1').catch(() => ''), waiting).toBe('1')
    }
    await sql(`ALTER SYSTEM SET archive_mode = 'on'`)
    await sql(`ALTER SYSTEM SET archive_command = 'false'`)
    await restarted()
    await soon()
    const failed = 'SELECT failed_count > 0 FROM pg_stat_archiver'
    await expect.poll(() => sql(`SELECT pg_switch_wal(); ${failed}`), waiting).toMatch(/t$/)
    const refused = problemIn(await backup(moments, ['now', 'main-base']))
    expect(refused).toMatchObject({ code: 'data/no-point-in-time' })
    expect(refused.detail).toContain('its archive_command fails')
    await sql('ALTER SYSTEM RESET archive_mode')
    await sql('ALTER SYSTEM RESET archive_command')
    await restarted()
    await backupOk(moments, ['now', 'main-base'])
  })
})

describe('a server that is given up', () => {
  it('keeps its log for nobody when it is no longer wanted', async () => {
    const slots = `SELECT count(*) FROM pg_replication_slots`
    await expect.poll(() => sql(slots), waiting).toBe('1')
    const config = moments.read('zarpe.yml')
    moments.write('zarpe.yml', config.replace(/, point_in_time: {[^}]*}/, ''))
    await deployed(moments)
    expect(await sql(slots)).toBe('0')
    expect(await onServer('sh', '-c', 'ls /etc/systemd/system | grep -F .wal. || true')).toBe('')
    expect(await onServer('ls', disk)).toContain('wal')
  })
})
