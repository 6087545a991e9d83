import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readOwned, readOwnedText, writeOwned } from './owned.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zarpe-owned-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)
const modeOf = (name: string) => statSync(at(name)).mode & 0o777

describe('writeOwned', () => {
  it('keeps the rights that a file has, or gives it those that it must have', async () => {
    writeFileSync(at('a'), 'old')
    chmodSync(at('a'), 0o640)
    await writeOwned(at('a'), 'new', { modeOfNew: 0o644 })
    expect([readFileSync(at('a'), 'utf8'), modeOf('a')]).toEqual(['new', 0o640])
    await writeOwned(at('a'), 'newer', { mode: 0o600 })
    await writeOwned(at('b'), 'b', { modeOfNew: 0o644 })
    expect([modeOf('a'), modeOf('b')]).toEqual([0o600, 0o644])
    expect(readdirSync(folder)).toEqual(['a', 'b'])
  })

  it('writes where a link leads, also to a file that is not there yet', async () => {
    mkdirSync(at('shared'))
    writeFileSync(at('shared/values'), 'old')
    symlinkSync('shared/values', at('link'))
    symlinkSync('shared/none', at('dangling'))
    await writeOwned(at('link'), 'new', { mode: 0o600 })
    await writeOwned(at('dangling'), 'first', { mode: 0o600 })
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true)
    expect(lstatSync(at('dangling')).isSymbolicLink()).toBe(true)
    expect(readFileSync(at('shared/values'), 'utf8')).toBe('new')
    expect(readFileSync(at('shared/none'), 'utf8')).toBe('first')
  })

  it('leaves a file of the name that a temporary one might have', async () => {
    writeFileSync(at('a.new'), 'mine')
    await Promise.all(
      ['1', '2', '3'].map((text) => writeOwned(at('a'), text.repeat(1e6), { modeOfNew: 0o644 })),
    )
    expect(new Set(readFileSync(at('a'), 'utf8')).size).toBe(1)
    expect(readdirSync(folder)).toEqual(['a', 'a.new'])
    expect(readFileSync(at('a.new'), 'utf8')).toBe('mine')
  })

  it('writes into what is no file, and does not put one in its place', async () => {
    symlinkSync('/dev/null', at('null'))
    await writeOwned(at('null'), 'x', { modeOfNew: 0o644 })
    expect(lstatSync(at('null')).isSymbolicLink()).toBe(true)
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  })

  it('says why a file cannot be written or read', async () => {
    mkdirSync(at('folder'))
    await expect(writeOwned(at('folder'), 'x', { modeOfNew: 0o644 })).rejects.toThrow(
      'host/not-written',
    )
    await expect(readOwned(at('folder'))).rejects.toThrow('host/not-read')
  })
})

describe('readOwnedText', () => {
  it('reads a text, and nothing where there is no file', async () => {
    writeFileSync(at('a'), 'é')
    mkdirSync(at('folder'))
    expect(await readOwnedText(at('a'))).toBe('é')
    for (const name of ['b', 'folder', 'a/b']) expect(await readOwnedText(at(name))).toBeNull()
  })

  it('says what it cannot read, and waits for no pipe', async () => {
    symlinkSync('loop', at('loop'))
    execFileSync('mkfifo', [at('pipe')])
    for (const [name, why] of [
      ['loop', 'ELOOP'],
      ['pipe', 'it is a pipe or a device, and no file'],
    ] as const)
      await expect(readOwnedText(at(name)), name).rejects.toMatchObject({
        data: { code: 'host/not-read', detail: expect.stringContaining(why) },
      })
  })
})
