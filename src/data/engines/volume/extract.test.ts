import { execFileSync } from 'node:child_process'
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DataContext } from '../../engine.ts'
import type { ExtractForm } from '../../extract/extraction.ts'
import type { TreeContents } from '../../held.ts'
import { escaped, unescaped } from './escape.ts'
import { extract } from './extract.run.ts'
import { tarName } from './files.ts'
import { packed } from './tree.run.ts'

// On the machine's own tar and disk.

const id = 'uploads-20260131T030000Z'
const signal = new AbortController().signal
let room: string
let held: TreeContents

const bytes = (text: string) => Buffer.from(text, 'latin1')

const contextIn = (folder: string) => ({
  folder: join(room, folder),
  signal,
  note: () => undefined,
})

const fill = (folder: string) => {
  const at = (name: string | Buffer) =>
    Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)])
  mkdirSync(at('photos/deep'), { recursive: true })
  writeFileSync(at('photos/a.jpg'), 'a')
  writeFileSync(at('photos/deep/b.jpg'), 'b'.repeat(100_000))
  linkSync(at('photos/a.jpg'), at('same'))
  symlinkSync('/nowhere', at('photos/link'))
  writeFileSync(at('-x'), 'dash')
  writeFileSync(at('*'), 'star')
  writeFileSync(at('b\\101'), 'backslash')
  writeFileSync(at(bytes('caf\xe9')), 'bytes')
  writeFileSync(at('two\nlines'), 'lines')
  writeFileSync(at('photosynthesis'), 'no folder')
}

beforeAll(async () => {
  room = mkdtempSync(join(tmpdir(), 'zarpe-extract-'))
  for (const name of ['tree', 'copy', 'other-copy']) mkdirSync(join(room, name))
  fill(join(room, 'tree'))
  held = (await packed(join(room, 'tree'), contextIn('copy'))).held
}, 60_000)

afterAll(() => rmSync(room, { recursive: true, force: true }))

const taken = async (what: string[], tar: Extract<ExtractForm, { as: 'files' }>['tar'] = 'no') => {
  const context = contextIn('copy') as unknown as DataContext
  return extract(held, { id, what, form: { as: 'files', tar } }, context)
}

const namesIn = (file: string | Buffer) =>
  execFileSync('tar', ['--list', '--quoting-style=escape', '--file', String(file)])
    .toString()
    .split('\n')
    .filter(Boolean)

describe.skipIf(process.platform !== 'linux')('out of a copy of files', () => {
  it.each([
    ['photos/a.jpg', 'a'],
    ['/photos/deep/b.jpg', 'b'.repeat(100_000)],
    ['same', 'a'],
    ['-x', 'dash'],
    ['*', 'star'],
    ['b\\101', 'backslash'],
    ['b\\\\101', 'backslash'],
    ['caf\\xe9', 'bytes'],
    ['two\nlines', 'lines'],
    ['two\\nlines', 'lines'],
  ])('comes the one file %j', async (path, content) => {
    const { file, holds } = await taken([path])
    expect(readFileSync(file, 'utf8')).toBe(content)
    expect(holds).toEqual([expect.objectContaining({ count: 1, unit: 'file' })])
  })

  it('comes a folder as a tar, with nothing beside it', async () => {
    const { file, holds } = await taken(['photos', 'photos/a.jpg'], 'yes')
    expect(namesIn(file)).toEqual([
      ...['photos/', 'photos/a.jpg', 'photos/deep/', 'photos/deep/b.jpg', 'photos/link'],
    ])
    expect(holds).toEqual([{ what: 'photos', count: 2, unit: 'file' }])
  })

  it('comes a further name of a file whole, and names of any bytes', async () => {
    const { file } = await taken(['same', 'caf\\xe9', '*', '-x'], 'if-needed')
    expect(namesIn(file).toSorted()).toEqual(['*', '-x', 'caf\\351', 'same'])
    const content = execFileSync('tar', [
      '--extract',
      '--to-stdout',
      '--file',
      String(file),
      'same',
    ])
    expect(content.toString()).toBe('a')
  })

  it('comes everything', async () => {
    const { file, holds } = await taken(['.'], 'if-needed')
    expect(namesIn(file)).toHaveLength(held.entries)
    expect(holds).toEqual([{ what: '.', count: held.files, unit: 'file' }])
  })

  it('comes a link only in a tar', async () => {
    await expect(taken(['photos/link'])).rejects.toThrow('is a symlink and can only come as a tar')
    expect(namesIn((await taken(['photos/link'], 'if-needed')).file)).toEqual(['photos/link'])
  })

  it.each([
    [['photos'], 'is a folder and can only come as a tar'],
    [['-x', '*'], 'Several paths together can only come as a tar'],
    [['b.jpg'], 'no "b.jpg"; near it: photos/deep/b.jpg'],
    [['photo'], 'no "photo"; near it: photos'],
    [['../tree/-x'], 'no "../tree/-x"'],
  ])('comes nothing for %j', async (what, says) => {
    await expect(taken(what)).rejects.toThrow(says)
  })

  it('comes nothing that is not as the list says', async () => {
    const other = join(room, 'other')
    mkdirSync(other)
    execFileSync('cp', ['--archive', `${room}/tree/.`, other])
    writeFileSync(join(other, '-x'), 'DASH')
    execFileSync('touch', ['--reference', `${room}/tree/-x`, '--', `${other}/-x`])
    const tar = join(room, 'copy', tarName)
    const whole = readFileSync(tar)
    await packed(other, contextIn('other-copy'))
    writeFileSync(tar, readFileSync(join(room, 'other-copy', tarName)))
    await expect(taken(['-x'])).rejects.toThrow('-x has other content')
    expect((await taken(['*'])).holds).toHaveLength(1)
    writeFileSync(tar, whole)
  })
})

describe('a name that was escaped', () => {
  it.each(['plain', 'a\\b', 'a\\\\n', 'n\nl', 'caf\xe9', '\xff\\x41', '\u001b[31m'])(
    '%j is the same bytes again',
    (name) => {
      for (const each of [bytes(name), Buffer.from(name)])
        expect(unescaped(escaped(each))).toEqual(each)
    },
  )
})
