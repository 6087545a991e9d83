import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { down } from '../../src/lab/vps.ts'
import { problemIn, zarpeOk } from '../lab/cli.ts'
import type { Project } from '../lab/project.ts'
import {
  brokerChange,
  brokerFixture,
  brokerState,
  ctl,
  forged,
  keptFolder,
} from './engines/broker.ts'
import { keyServer, sqlServer } from './engines/kinds.ts'
import {
  backup,
  backupOk,
  harmed,
  inService,
  onServer,
  project,
  proven,
  releasedShelf,
  server,
  told,
} from './engines/shelf.ts'
import { sqlDatabases } from './engines/sql.suite.ts'

// Each kind of data beside PostgreSQL goes the whole way: taken, proven, its damage found, restored,
// undone. What is there is looked at past the program.

let shelf: Project
let isReleased = false

beforeAll(async () => {
  shelf = await releasedShelf()
  isReleased = true
})

afterAll(async () => {
  if (isReleased) shelf.remove()
  await down(server)
})

/** A copy with one changed bit is refused, by name, and nothing of it reaches the live data. */
const findsDamage = async (id: string) => {
  await harmed(id, async () => {
    for (const verb of ['verify', 'restore']) {
      const result = await backup(shelf, [verb, id])
      expect(problemIn(result)).toMatchObject({ code: 'data/damaged' })
    }
  })
  await backupOk(shelf, ['verify', id])
}

describe('files of a volume', () => {
  const folder = `/var/lib/docker/volumes/${project}_uploads`
  const live = `${folder}/_data`
  /** Everything that `find`, `sha256sum` and tar itself can tell of the files, one line each. */
  const state = () =>
    onServer(
      `cd ${live}; find . -printf '%p %y %m %U %G %s %T@ %l %n\\n' | grep -v 'd ' | LC_ALL=C sort | sha256sum
       find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
       tar --create --xattrs --xattrs-include='*' --acls --sort=name --format=posix --pax-option=delete=atime,delete=ctime . | sha256sum`,
    )
  let before: string
  let id: string

  it('are taken with all that files can have', async () => {
    await onServer(
      `cd ${live}; mkdir -p photos/deep; echo a > photos/a.jpg; head -c 3000000 /dev/urandom > photos/deep/b.jpg
       ln photos/a.jpg 'photos/same'; ln -s /nowhere photos/link; chown 1234:4321 photos/a.jpg; chmod 2750 photos
       printf x > "$(printf 'caf\\351')"; printf y > "$(printf 'two\\nlines')"; mkfifo pipe
       truncate --size=40M sparse; echo end >> sparse; touch --date=2001-01-01T00:00:00.123456789 photos/deep/b.jpg
       tar --version > /dev/null; setfattr -n user.note -v kept photos/a.jpg || python3 -c "import os; os.setxattr('photos/a.jpg', 'user.note', b'kept')" || echo none > no-attributes`,
    )
    before = await state()
    id = await proven(shelf, 'uploads')
    expect(await told(shelf, ['show', id])).toContain(`volume ${project}_uploads: 6 files`)
    expect(await state()).toBe(before)
  })

  it('that were damaged in a copy are found', () => findsDamage(id))

  it('come back file by file, with the service on them', async () => {
    await inService(
      'files',
      'rm -r /uploads/photos/deep; echo other > /uploads/photos/a.jpg; echo new > /uploads/since',
    )
    const dry = await told(shelf, ['restore', id, '--dry-run'])
    expect(dry).toContain('since is lost: it was not there then')
    expect(dry).toContain('photos/a.jpg goes back to what it was then')
    expect(dry).toContain('photos/deep/b.jpg comes back')
    await backupOk(shelf, ['restore', id])
    expect(await state()).toBe(before)
    expect(await inService('files', 'cat /uploads/photos/a.jpg; ls /uploads')).not.toContain(
      'since',
    )
    expect(await onServer(`du --block-size=1M ${live}/sparse | cut -f1`)).toBe('1')
  })

  it('are put back as they were, and removed when told', async () => {
    await backupOk(shelf, ['undo'])
    expect(await inService('files', 'cat /uploads/since /uploads/photos/a.jpg')).toBe('new\nother')
    await backupOk(shelf, ['undo'])
    expect(await state()).toBe(before)
    await backupOk(shelf, ['discard'])
    expect(await onServer(`ls -A ${folder}`)).toBe('_data')
  })

  it('come out one by one, or in a tar with their owners', async () => {
    const to = (name: string) => join(shelf.folder, name)
    await backupOk(shelf, ['extract', id, 'photos/same', '--to', to('one')])
    expect(readFileSync(to('one'), 'utf8')).toBe('a\n')
    await backupOk(shelf, ['extract', id, 'photos', 'caf\\xe9', '--to', to('some.tar')])
    const list = ['--list', '--verbose', '--numeric-owner', '--quoting-style=escape']
    const listed = execFileSync('tar', [...list, '--file', to('some.tar')]).toString()
    expect(listed).toMatch(/-rw-r--r-- 1234\/4321 +2 .* photos\/a\.jpg\n/)
    expect(listed).toContain('caf\\351')
    await harmed(id, async () => {
      const result = await backup(shelf, ['extract', id, 'photos/a.jpg', '--to', to('not')])
      expect(problemIn(result)).toMatchObject({ code: 'data/damaged' })
    })
    expect(existsSync(to('not'))).toBe(false)
    expect(await state()).toBe(before)
  })

  it('that are not as expected make no proven backup', async () => {
    await inService('files', 'mv /uploads/photos /uploads/pictures')
    const result = await backup(shelf, ['now', 'uploads'])
    expect(problemIn(result)).toMatchObject({ code: 'data/not-proven' })
    expect(problemIn(result).detail).toContain('expected of photos: >= 2; found: 0')
    await inService('files', 'mv /uploads/pictures /uploads/photos')
  })
})

describe(`keys of ${keyServer.name}`, () => {
  const cli = (script: string) =>
    inService(
      'cache',
      `export REDISCLI_AUTH=of-the-cache-2026; ${script.replaceAll('redis-cli', keyServer.client)}`,
    )
  const digest = () =>
    cli(
      'redis-cli DEBUG DIGEST || true; redis-cli DBSIZE; redis-cli GET name; redis-cli LRANGE queue 0 -1; redis-cli -n 3 GET other; redis-cli -n 20 GET far; redis-cli HMGET parts a b c; redis-cli HTTL parts FIELDS 1 c | cut -c1-2',
    )
  let before: string
  let id: string

  it('are taken, however soon some of them expire', async () => {
    await cli(
      `redis-cli SET name kept; redis-cli RPUSH queue a b c; redis-cli SET soon gone PX 1500; redis-cli -n 3 SET other 3; redis-cli HSET parts a 1 b 2 c 3; redis-cli HPEXPIRE parts 2500 FIELDS 1 a; redis-cli HEXPIRE parts 9000 FIELDS 1 c; redis-cli -n 20 SET far 1
       for each in $(seq 500); do echo "SET many:$each $each"; done | redis-cli > /dev/null`,
    )
    id = await proven(shelf, 'cache')
    expect(await told(shelf, ['show', id])).toMatch(
      /database 0 {2}50[34] keys.*\n.*database 3 {2}1 key.*\n.*database 20 {2}1 key/,
    )
    await cli(
      'while [ "$(redis-cli EXISTS soon)$(redis-cli HLEN parts)" != 02 ]; do sleep 0.2; done',
    )
    before = await digest()
    await backupOk(shelf, ['verify', id])
  })

  it('that were damaged in a copy are found', () => findsDamage(id))

  it('come back into a server that begins from its append-only file', async () => {
    await cli('redis-cli FLUSHALL; redis-cli SET since 1')
    const dry = await told(shelf, ['restore', id, '--dry-run'])
    expect(dry).toMatch(/database 0: 50[23] keys more/)
    await backupOk(shelf, ['restore', id])
    expect(await digest()).toBe(before)
    await backupOk(shelf, ['undo'])
    expect(await cli('redis-cli GET since')).toBe('1')
    await backupOk(shelf, ['undo'])
    expect(await digest()).toBe(before)
    await backupOk(shelf, ['discard'])
    expect(await onServer(`ls -A /var/lib/docker/volumes/${project}_cache`)).toBe('_data')
  })

  it('disclose their password nowhere', async () => {
    expect(await onServer('ls -A /run/zarpe/passwords')).toBe('')
    const found = await onServer(
      'grep --recursive --files-with-matches of-the-cache-2026 /var/lib/zarpe /var/backups/zarpe /etc/systemd/system || true',
    )
    expect(found).toBe('')
  })
})

describe(`databases of ${sqlServer.name}`, () => sqlDatabases(() => shelf, findsDamage))

describe('definitions of RabbitMQ', () => {
  const hash = /"password_hash": "([^"]+)"/.exec(brokerFixture)![1]!
  let before: string
  let id: string

  it('are taken, and no hash of a password stands in their manifest', async () => {
    await ctl(
      'cat > /tmp/broker.json; rabbitmqctl import_definitions /tmp/broker.json',
      brokerFixture,
    )
    before = await brokerState()
    id = await proven(shelf, 'queue')
    const shown = await told(shelf, ['show', id])
    expect(shown).toContain('service mq: its definitions, and no messages')
    expect(shown).toMatch(/ queues {2}3\n/)
    const naming = `grep --recursive --files-with-matches --fixed-strings '${hash}' /var/lib/zarpe /var/backups/zarpe`
    expect(await onServer(naming)).toMatch(/^\S+\.tar$/)
  })

  it('of which a copy lacks one, or has another, are not proven', async () => {
    await forged(id, async () => {
      const found = problemIn(await backup(shelf, ['verify', id]))
      expect(found).toMatchObject({ code: 'data/not-proven' })
      expect(found.evidence).toEqual([
        'its permissions are as many as they were, and not the same',
        'it has 2 queues, not 3',
      ])
    })
  })

  it('come back into the broker that serves, which keeps what they lack', async () => {
    await ctl(`rabbitmqctl delete_queue orders; ${brokerChange}`)
    const dry = await told(shelf, ['restore', id, '--dry-run'])
    expect(dry).toContain('queue "orders" in "/" comes back')
    expect(dry).toMatch(/permission of "reader" in "\/" goes back to what it was then: .*write/)
    expect(dry).toContain('user "reader" goes back to what it was then: its password')
    expect(dry).toContain('virtual hosts that are not in the backup stay: virtual host "since"')
    await backupOk(shelf, ['restore', id])
    expect(await brokerState()).toBe(before.replace('<<"eu">>]', '<<"eu">>,<<"since">>]'))
    expect(await onServer(`find ${keptFolder} -type f -perm 600 | wc -l`)).toBe('1')
    expect(await ctl('ls -A /dev/shm')).toBe('')
  })

  it('go back to what they were, and nothing that came is removed', async () => {
    await backupOk(shelf, ['undo'])
    const state = await brokerState()
    expect(state).toContain('refused')
    expect(state).toContain('<<"orders">>')
    await backupOk(shelf, ['discard'])
    expect(await onServer(`ls -A ${keptFolder}`)).toBe('')
  })
})

describe('the configuration', () => {
  let id: string

  it('is taken as it was written and as the server keeps it, and its damage found', async () => {
    id = await proven(shelf, 'configuration')
    expect(await told(shelf, ['show', id])).toContain('configuration: 5 files')
    await harmed(id, async () => {
      const result = await backup(shelf, ['verify', id])
      expect(problemIn(result)).toMatchObject({ code: 'data/damaged' })
    })
  })

  it('comes out of a backup, and is put in no place by one', async () => {
    const to = (name: string) => join(shelf.folder, name)
    const config = shelf.read('zarpe.yml')
    await backupOk(shelf, ['extract', id, 'project/zarpe.yml', '--to', to('as-deployed.yml')])
    expect(readFileSync(to('as-deployed.yml'), 'utf8')).toBe(config)
    await backupOk(shelf, ['extract', id, '.', '--to', to('configuration.tar')])
    const listed = execFileSync('tar', ['--list', '--file', to('configuration.tar')]).toString()
    const names = listed.split('\n').map((name) => name.replace(/^\.\//, ''))
    expect(names.filter((name) => /[^/]$/.test(name))).toEqual([
      ...['project/acme-root.pem', 'project/compose.yml', 'project/zarpe.yml'],
      ...['server/current', 'server/releases/1.json'],
    ])
    for (const verb of [
      ['restore', id],
      ['restore', id, '--dry-run'],
    ])
      expect(problemIn(await backup(shelf, verb))).toMatchObject({ code: 'data/not-put-back' })
  })

  it('follows what is written by the next deploy', async () => {
    shelf.write('zarpe.yml', `${shelf.read('zarpe.yml')}# a remark\n`)
    await zarpeOk(['deploy'], { folder: shelf.folder, server })
    const newer = await proven(shelf, 'configuration')
    const path = join(shelf.folder, 'newer.yml')
    await backupOk(shelf, ['extract', newer, 'project/zarpe.yml', '--to', path])
    expect(readFileSync(path, 'utf8')).toMatch(/# a remark\n$/)
  })
})

describe('a release that migrates and changes how data is reached', () => {
  it('asks the data as it is reached by then what is expected of it', async () => {
    const written = shelf.read('zarpe.yml')
    // Its password is then known from the command alone, and the release that still counts has another one there.
    const config = written
      .replace(', password: REDIS_PASSWORD', '')
      .replace(/^release:\n/m, 'release:\n  migrate: { service: files, command: "true" }\n')
    expect(config.length).toBeGreaterThan(written.length)
    shelf.write('zarpe.yml', config)
    shelf.write(
      '.env.production',
      shelf.read('.env.production').replace('cache-2026', 'cache-2027'),
    )
    shelf.write('compose.yml', shelf.read('compose.yml').replace('sleep infinity', 'sleep 1000000'))
    const { events } = await zarpeOk(['deploy'], { folder: shelf.folder, server })
    const done = events.flatMap(({ type, id }) => (type === 'step.done' ? [String(id)] : []))
    expect(done).toContain('data.expect')
    const cli = `REDISCLI_AUTH=of-the-cache-2027 ${keyServer.client} LLEN queue`
    expect(await inService('cache', cli)).toBe('3')
    await proven(shelf, 'cache')
  }, 300_000)
})
