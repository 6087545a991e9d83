import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleOptions, root } from '../../scripts/bundle.ts'
import type { StoreSettings } from '../../src/data/store.ts'
import {
  codeOf,
  contextOf,
  localFile,
  pacedSuite,
  problemOf,
  storeSuite,
} from '../../src/data/store.suite.ts'
import { openStore } from '../../src/data/stores/table.ts'
import { run } from '../../src/io/host/processes/process.ts'
import { dockerOk } from '../../src/lab/docker.ts'
import { type SftpServer, startSftp, stopSftp } from '../../src/lab/sftp.ts'
import { down, inside } from '../../src/lab/vps.ts'
import { readyServer } from '../lab/server.ts'
import { lineTo } from './stores/line.ts'

// The SFTP driver of stores against real servers, and everything that goes wrong with those.

const report = (line: string) => console.log(line)
/** More than what SFTP has on its way at once. */
const large = 5_000_001

let folder = ''
let box: SftpServer
let small: SftpServer

const at = (server: SftpServer, more: object = {}): Extract<StoreSettings, { kind: 'sftp' }> => ({
  kind: 'sftp',
  name: 'storagebox',
  host: server.host,
  port: server.port,
  user: server.user,
  folder: 'backups/onquota',
  password: server.password,
  key: null,
  hostKey: server.hostKey,
  ...more,
})

/** Opens, acts, closes; waits between tries are none. */
const using = async <Value>(
  settings: StoreSettings,
  act: (store: Awaited<ReturnType<typeof openStore>>) => Promise<Value>,
): Promise<Value> => {
  const store = await openStore(settings, { sleep: async () => undefined })
  try {
    return await act(store)
  } finally {
    await store.close()
  }
}

const inBox = (server: SftpServer, ...argv: string[]) => dockerOk(['exec', server.name, ...argv])

/** Every file that a storage box has, whoever put it there. */
const filesOf = async (server: SftpServer) =>
  (await inBox(server, 'find', '/store/backups', '-type', 'f')).split('\n').filter(Boolean)

/** Turns one bit of a file in a storage box, at once: nothing else happens in this process meanwhile. */
const flip = (server: SftpServer, path: string, offset: number) => {
  const exec = ['exec', '-i', server.name]
  const skip = [`if=${path}`, 'bs=1', `skip=${offset}`, 'count=1', 'status=none']
  const byte = execFileSync('docker', [...exec, 'dd', ...skip])
  const seek = [`of=${path}`, 'bs=1', `seek=${offset}`, 'conv=notrunc', 'status=none']
  execFileSync('docker', [...exec, 'dd', ...seek], { input: Buffer.from([byte[0]! ^ 1]) })
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-stores-'))
  const keygen = ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]
  execFileSync('ssh-keygen', keygen)
  const publicKey = readFileSync(join(folder, 'key.pub'), 'utf8').trim()
  box = await startSftp('sftp', { publicKey, roomMb: 256 }, report)
  small = await startSftp('sftpSmall', { roomMb: 24 }, report)
})

afterAll(async () => {
  await stopSftp('sftp')
  await stopSftp('sftpSmall')
  rmSync(folder, { recursive: true, force: true })
})

describe('SFTP with a password on port 23', () => {
  storeSuite(() => ({ open: () => openStore(at(box)) }), large)
  pacedSuite((pace) => openStore(at(box), { pace, staleMs: 0 }), large)

  test('a key does as well', async () => {
    const key = readFileSync(join(folder, 'key'), 'utf8')
    const withKey = at(box, { password: null, key })
    expect(await using(withKey, (store) => store.list('', contextOf()))).toEqual([])
    const other = at(box, { password: null, key: 'not a key' })
    expect(await codeOf(using(other, (store) => store.list('', contextOf())))).toBe(
      'store/key-unusable',
    )
  })

  test('works from the one file that the agent is, with nothing beside it', async () => {
    const bundled = join(folder, 'agent', 'stores.mjs')
    const entry = join(import.meta.dirname, 'stores', 'entry.ts')
    await build({ ...bundleOptions, entryPoints: [entry], outfile: bundled })
    const input = JSON.stringify(at(box))
    const listed = execFileSync(process.execPath, [bundled], { cwd: dirname(bundled), input })
    expect(listed.toString()).toBe('[]\n')
  })

  test('what is wrong is named, and no secret is', async () => {
    const wrong: [string, object][] = [
      ['store/login-refused', { password: 'not-the-password' }],
      ['store/refused', { port: 24 }],
      ['store/name-unknown', { host: 'box.invalid' }],
      ['store/forbidden', { folder: '/etc' }],
      ['store/no-folder', { folder: '/backups/file/below' }],
    ]
    await inBox(box, 'touch', '/store/backups/file')
    for (const [code, more] of wrong) {
      const settings = at(box, more)
      const problem = await problemOf(using(settings, (store) => store.list('', contextOf())))
      expect(problem?.code, JSON.stringify(problem)).toBe(code)
      expect(problem?.detail).toContain('storagebox')
      expect(problem?.fix.length).toBeGreaterThan(0)
      expect(JSON.stringify(problem)).not.toContain(settings.password)
    }
    await inBox(box, 'rm', '/store/backups/file')
  })

  test('another host key is refused before the password is sent, and told', async () => {
    const { hostKey } = small
    for (const pinned of [hostKey, hostKey.replace('ssh-ed25519', 'ecdsa-sha2-nistp256'), '']) {
      const settings = at(box, { hostKey: pinned })
      const problem = await problemOf(using(settings, (store) => store.list('', contextOf())))
      expect(problem?.code).toBe(
        pinned === hostKey ? 'store/host-key-changed' : 'store/host-key-unpinned',
      )
      expect(problem?.fix.join('\n')).toContain(box.hostKey)
    }
  })

  test('a full disk is named before anything is sent, and while it fills up; nothing is left', async () => {
    const settings = at(small)
    const put = async (bytes: number, note: (text: string) => void) => {
      const { file, expect: sent } = await localFile(folder, bytes)
      const context = { signal: new AbortController().signal, note }
      return codeOf(using(settings, (store) => store.put('a/full', file, sent, context)))
    }
    expect(await put(30_000_000, () => undefined)).toBe('store/full')
    // There was room in the beginning; then somebody else takes it.
    const fill = ['exec', small.name, 'fallocate', '-l', '12M', '/store/backups/fill']
    let filled = false
    const filling = (text: string) => {
      if (filled || !text.startsWith('sent')) return
      filled = true
      execFileSync('docker', fill)
    }
    expect(await put(18_000_000, filling)).toBe('store/full')
    expect(filled).toBe(true)
    expect(await filesOf(small)).toEqual(['/store/backups/fill'])
    await inBox(small, 'rm', '/store/backups/fill')
    expect(await put(18_000_000, () => undefined)).toBe('no problem')
  })

  test('a damaged copy on its way is found by reading it back', async () => {
    const source = await localFile(folder, large)
    const context = contextOf()
    const note = (text: string) => {
      if (text !== 'sent; reading it back') return
      const [path = ''] = execFileSync('docker', [
        'exec',
        box.name,
        'find',
        '/store/backups/onquota/.incoming',
        '-type',
        'f',
      ])
        .toString()
        .split('\n')
      flip(box, path, 4_000_000)
    }
    const put = using(at(box), (store) =>
      store.put('a/flipped', source.file, source.expect, { ...context, note }),
    )
    expect(await codeOf(put)).toBe('store/damaged')
    expect(await filesOf(box)).toEqual([])
  })

  test('a copy that was damaged or cut at rest is found, and replaced by the next put', async () => {
    const source = await localFile(folder, large)
    const path = '/store/backups/onquota/a/rest'
    await using(at(box), async (store) => {
      for (const harm of ['flip', 'truncate']) {
        await store.put('a/rest', source.file, source.expect, contextOf())
        if (harm === 'flip') flip(box, path, 7)
        else await inBox(box, 'truncate', '-s', '-1', path)
        const back = join(folder, harm)
        const came = await store.get('a/rest', back, contextOf())
        expect(came.sha256).not.toBe(source.expect.sha256)
        await store.put('a/rest', source.file, source.expect, contextOf())
        expect(await store.get('a/rest', `${back}-again`, contextOf())).toEqual(source.expect)
      }
      await store.remove('a/rest', contextOf())
    })
    expect(await filesOf(box)).toEqual([])
  })

  test('a connection that is lost is taken up where it was', async () => {
    const source = await localFile(folder, 5 * large)
    const line = await lineTo(box, { cutAfter: [4 * large] })
    try {
      const context = contextOf()
      const settings = at(box, { host: '127.0.0.1', port: line.port })
      await using(settings, (store) => store.put('a/cut', source.file, source.expect, context))
      expect(context.notes.join('\n')).toMatch(/trying again[\s\S]*continues an earlier upload at/)
      expect(line.cuts()).toBe(1)
      // Beginning anew would be nine; what was on its way and the loose end come twice.
      expect(line.sentBytes()).toBeLessThan(7.5 * large)
    } finally {
      line.close()
    }
    await using(at(box), async (store) => {
      expect(await store.list('', contextOf())).toEqual([
        { name: 'a/cut', bytes: source.expect.bytes },
      ])
      await store.remove('a/cut', contextOf())
    })
  })

  test('one that is lost each time is a problem, and nothing is published', async () => {
    const source = await localFile(folder, large)
    const line = await lineTo(box, { cutAfter: [500_000, 500_000, 500_000, 500_000] })
    const settings = at(box, { host: '127.0.0.1', port: line.port })
    try {
      const put = using(settings, (store) =>
        store.put('a/lost', source.file, source.expect, contextOf()),
      )
      expect(await codeOf(put)).toBe('store/dropped')
    } finally {
      line.close()
    }
    expect(await using(at(box), (store) => store.list('', contextOf()))).toEqual([])
    const store = await openStore(at(box), { staleMs: -60_000 })
    await store.sweep(contextOf())
    await store.close()
    expect(await filesOf(box)).toEqual([])
  })

  test('a signal ends it at once', async () => {
    const source = await localFile(folder, large)
    const controller = new AbortController()
    const context = { signal: controller.signal, note: () => controller.abort(new Error('enough')) }
    const put = using(at(box), (store) => store.put('a/b', source.file, source.expect, context))
    await expect(put).rejects.toThrow('enough')
    await inBox(box, 'rm', '-r', '/store/backups/onquota/.incoming')
  })
})

describe('another Zarpe server, prepared as docs/guide/stores.md says', () => {
  const server = 'store'
  let settings: StoreSettings
  const keyFile = () => join(folder, 'key')

  beforeAll(async () => {
    const { address } = await readyServer(server)
    const page = readFileSync(join(root, 'docs', 'guide', 'stores.md'), 'utf8')
    const [, commandsOfPage] = /## SFTP with a key[^]*?```\n([^]*?)```/.exec(page)!
    const publicKey = readFileSync(`${keyFile()}.pub`, 'utf8').trim()
    const commands = commandsOfPage!.replace('ssh-ed25519 AAAA… shop', publicKey)
    expect(commands).toContain(publicKey)
    const done = await inside(server, ['bash', '-eu'], { input: commands, limitMs: 60_000 })
    expect(done.code, done.stderr).toBe(0)
    const shown = await inside(server, ['cat', '/etc/ssh/ssh_host_ed25519_key.pub'])
    settings = {
      ...at(box),
      name: 'other',
      host: address,
      port: 22,
      user: 'backups',
      folder: 'shop',
      password: null,
      key: readFileSync(keyFile(), 'utf8'),
      hostKey: shown.stdout.split(' ').slice(0, 2).join(' '),
    }
  })

  afterAll(async () => {
    if (!process.env['ZARPE_KEEP']) await down(server)
  })

  storeSuite(() => ({ open: () => openStore(settings) }), large)

  test('lets its key do nothing else', async () => {
    const options = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null']
    const argv = ['-F', 'none', '-i', keyFile(), ...options.flatMap((each) => ['-o', each])]
    const { host } = settings as Extract<StoreSettings, { kind: 'sftp' }>
    const said = await run('ssh', [...argv, `backups@${host}`, 'id'], { limitMs: 20_000 })
    expect(said.code).not.toBe(0)
    expect(said.stdout).not.toContain('uid=')
  })
})
