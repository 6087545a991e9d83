import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packTree, readTree, unpackTree } from '../../../io/host/files/tree.ts'
import { listDifferences } from './compare.ts'
import { escaped } from './escape.ts'
import { parseList, treeLister } from './list.ts'

// On the machine's own tar and disk.

const signal = new AbortController().signal
let room: string

/** What only some machines let one make: attributes, and sockets. */
const more = `
import os, socket
os.setxattr('a', 'user.note', b'v\\n\\x00w=')
socket.socket(socket.AF_UNIX).bind('sock')
`

const fillHostile = (folder: string) => {
  const at = (name: string | Buffer) =>
    Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)])
  const deep = Array(3).fill('d'.repeat(90)).join('/')
  mkdirSync(at(deep), { recursive: true })
  chmodSync(at(deep), 0o2750)
  writeFileSync(at('od\nd'), '1')
  writeFileSync(at(Buffer.from('caf\xe9', 'latin1')), '2')
  writeFileSync(at('b\\slash'), '3')
  writeFileSync(at('naïve ☃'), '4')
  writeFileSync(at(`${deep}/${'l'.repeat(200)}`), 'deep')
  writeFileSync(at(Buffer.concat([Buffer.from(`${deep}/`), Buffer.alloc(150, 0xff)])), 'bytes')
  writeFileSync(at('a'), 'x'.repeat(3000))
  linkSync(at('a'), at('z link'))
  symlinkSync(Buffer.from('nowhere\xff', 'latin1'), at('sym'))
  symlinkSync(`/etc/${'s'.repeat(200)}`, at('sym long'))
  execFileSync('mkfifo', ['-m', '600', `${folder}/fifo`])
  const sparse = openSync(at('sparse'), 'w')
  writeSync(sparse, 'begin', 0)
  writeSync(sparse, 'middle', 3 * 1024 * 1024)
  ftruncateSync(sparse, 8 * 1024 * 1024)
  closeSync(sparse)
  writeFileSync(at('zero'), '')
  truncateSync(at('zero'), 1024 * 1024)
  writeFileSync(at('empty'), '')
  chmodSync(at('empty'), 0o4751)
  execFileSync('touch', ['--date=@1000000000.000000007', `${folder}/empty`])
  spawnSync('python3', ['-c', more], { cwd: folder })
}

beforeAll(() => {
  room = mkdtempSync(join(tmpdir(), 'zarpe-tree-'))
  mkdirSync(join(room, 'tree'))
  fillHostile(join(room, 'tree'))
})

afterAll(() => rmSync(room, { recursive: true, force: true }))

const listOf = async (folder: string) => {
  const lister = treeLister()
  let text = ''
  const { code } = await readTree({ folder, signal }, (part) => {
    text += lister.take(part)
  })
  return { text, code, count: lister.end() }
}

/** The tree packed and unpacked under a name. */
const restored = async (name: string) => {
  const lister = treeLister()
  const file = join(room, `${name}.tar.zst`)
  let text = ''
  await packTree({ folder: join(room, 'tree'), to: file, signal }, (part) => {
    text += lister.take(part)
  })
  lister.end()
  const folder = join(room, name)
  mkdirSync(folder)
  const { code, said } = await unpackTree({ from: file, folder, signal })
  expect([code, said]).toEqual([0, []])
  return { folder, text, file }
}

// GNU tar, and names of any bytes, are what a server has; other machines need not.
describe.skipIf(process.platform !== 'linux')('a tree of files', () => {
  it('comes back as it was, whatever it holds', async () => {
    const { folder, text } = await restored('same')
    const { text: found, count } = await listOf(folder)
    expect(found).toBe(text)
    expect(count).toMatchObject({ files: 11 })
    expect(parseList(text).get('sparse')).toMatchObject({ size: 8 * 1024 * 1024 })
    expect(parseList(text).get('z link')).toEqual({ name: 'z link', kind: 'link', target: 'a' })
    expect(parseList(text).get('empty')).toMatchObject({
      mode: '04751',
      mtime: '1000000000.000000007',
    })
    expect(parseList(text).has('caf\\xe9')).toBe(true)
    expect(parseList(text).has('od\\nd')).toBe(true)
  })

  it('is digested as other programs digest it', async () => {
    const { text } = await listOf(join(room, 'tree'))
    for (const name of ['a', 'sparse', 'zero', 'empty', 'naïve ☃']) {
      const out = execFileSync('sha256sum', [join(room, 'tree', name)]).toString()
      expect(parseList(text).get(name)!.sha256).toBe(out.slice(0, 64))
    }
  })

  it.each<[string, string, RegExp]>([
    [
      'a changed byte',
      `printf y | dd of=a bs=1 seek=99 conv=notrunc status=none; touch -r empty a`,
      /^a has other content$|^a was/,
    ],
    ['other rights', 'chmod 0640 zero', /^zero has mode 0640/],
    ['a file that is gone', 'rm "z link"', /^z link is missing$/],
    ['a new file', 'touch new', /new was not in the backup/],
    ['another target', 'ln -sfn elsewhere sym', /^sym leads to elsewhere, not nowhere\\xff$/],
    [
      'a link that became a file',
      'cp --remove-destination -p a x && mv -f x "z link"',
      /^z link is a file, not a link$/,
    ],
  ])('shows %s', async (what, harm, says) => {
    const { folder, text } = await restored(what.replaceAll(' ', '-'))
    execFileSync('sh', ['-c', harm], { cwd: folder })
    const found = await listOf(folder)
    const lines = listDifferences(parseList(text), parseList(found.text))
    expect(lines.join('\n')).toMatch(new RegExp(says.source, 'm'))
  })

  it('cut short is no tree', async () => {
    const { file } = await restored('cut')
    const whole = execFileSync('cat', [file], { maxBuffer: 1e9 })
    writeFileSync(file, whole.subarray(0, whole.length - 40))
    mkdirSync(join(room, 'cut-to'))
    const ended = await unpackTree({ from: file, folder: join(room, 'cut-to'), signal }).catch(
      () => ({ code: 2 }),
    )
    expect(ended.code).toBe(2)
    const lister = treeLister()
    lister.take(Buffer.alloc(100))
    expect(() => lister.end()).toThrow('ends before its end')
  })

  it('that is read in pieces of any size is the same', async () => {
    const lister = treeLister()
    const parts: Buffer[] = []
    await readTree({ folder: join(room, 'tree'), signal }, (part) => void parts.push(part))
    const all = Buffer.concat(parts)
    let text = ''
    for (let at = 0; at < all.length; at += 1009) text += lister.take(all.subarray(at, at + 1009))
    expect(lister.end().sha256).toBe((await listOf(join(room, 'tree'))).count.sha256)
    expect(text).toContain('sparse')
  })
})

describe('escaped', () => {
  it.each([
    [Buffer.from('plain'), 'plain'],
    [Buffer.from('a\\b'), 'a\\\\b'],
    [Buffer.from([0x61, 0xff]), 'a\\xff'],
    [Buffer.from('\u001b[31m'), '\\x1b[31m'],
    [Buffer.from('a\u202eb'), 'a\\xe2\\x80\\xaeb'],
  ])('%j is %s', (bytes, text) => expect(escaped(bytes)).toBe(text))
})
