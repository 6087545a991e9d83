import { createHash } from 'node:crypto'
import {
  closeSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arrivingFile, arrivingOutput, refuseTaken } from './arriving.ts'

let room: string

beforeAll(() => {
  room = mkdtempSync(join(tmpdir(), 'zarpe-arriving-'))
})

afterAll(() => rmSync(room, { recursive: true, force: true }))

describe('a file that arrives', () => {
  it('is there when it is whole, and its owner’s alone', () => {
    const path = join(room, 'whole.sql')
    const file = arrivingFile(path)
    file.take(Buffer.from('one '))
    file.take(Buffer.from('two'))
    expect(readdirSync(room)).toEqual([expect.stringMatching(/^\.whole\.sql\.[0-9a-f]+\.part$/)])
    const sha256 = createHash('sha256').update('one two').digest('hex')
    expect(file.so()).toEqual({ bytes: 7, sha256 })
    file.keep()
    file.drop()
    expect(readdirSync(room)).toEqual(['whole.sql'])
    expect(readFileSync(path, 'utf8')).toBe('one two')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    rmSync(path)
  })

  it('that is dropped leaves nothing', () => {
    const file = arrivingFile(join(room, 'half'))
    file.take(Buffer.from('one'))
    file.drop()
    expect(readdirSync(room)).toEqual([])
  })

  it('takes no other one’s place, and makes no folder', async () => {
    writeFileSync(join(room, 'there'), '')
    await expect(refuseTaken(join(room, 'there'))).rejects.toThrow('there already')
    await expect(refuseTaken(room)).rejects.toThrow('a folder')
    await expect(refuseTaken(join(room, 'no', 'such'))).rejects.toThrow('there is no folder')
    await refuseTaken(join(room, 'new'))
  })

  it('leaves what has come to its name meanwhile', () => {
    const path = join(room, 'late')
    const file = arrivingFile(path)
    file.take(Buffer.from('ours'))
    writeFileSync(path, 'theirs')
    expect(() => file.keep()).toThrow('there already')
    file.drop()
    expect(readFileSync(path, 'utf8')).toBe('theirs')
    expect(readdirSync(room).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('does not come in the place of a link that leads nowhere', async () => {
    const path = join(room, 'nowhere')
    symlinkSync(join(room, 'no-such'), path)
    await expect(refuseTaken(path)).rejects.toThrow('there already')
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
  })

  it('says so when the output’s disk is full', () => {
    const full = openSync('/dev/full', 'w')
    expect(() => arrivingOutput(full).take(Buffer.from('one'))).toThrow('ENOSPC')
    closeSync(full)
  })
})
