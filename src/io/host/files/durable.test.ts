import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createDurable, createExclusive, writeDurable } from './durable.ts'

const folder = mkdtempSync(join(tmpdir(), 'zarpe-durable-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a file that is written whole', () => {
  it('can be written by many at once: one of them is what stays, and nothing else', async () => {
    const path = join(folder, 'state')
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(100_000))
    await Promise.all(texts.map((text) => writeDurable(path, text)))
    expect(texts).toContain(readFileSync(path, 'utf8'))
    expect(readdirSync(folder)).toEqual(['state'])
  })
})

describe('a file that must not exist yet', () => {
  const refusing = (code: string) => () =>
    Promise.reject(Object.assign(new Error('no link'), { code }))

  it.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'])(
    'is made once where a link is refused with %s',
    async (code) => {
      const place = join(folder, code)
      const make = (text: string) => createDurable(join(place, 'key'), text, 0o600, refusing(code))
      expect([await make('first'), await make('second')]).toEqual([true, false])
      expect(readFileSync(join(place, 'key'), 'utf8')).toBe('first')
      expect(readdirSync(place)).toEqual(['key'])
    },
  )

  it('is not made where a link fails for another reason', async () => {
    const path = join(folder, 'other', 'key')
    await expect(createDurable(path, 'x', 0o600, refusing('EIO'))).rejects.toThrow('no link')
    expect(readdirSync(join(folder, 'other'))).toEqual([])
  })

  it('is not left behind by half', async () => {
    const unwritable = { bytes: 1 } as unknown as string
    await expect(createExclusive(join(folder, 'half', 'a'), unwritable)).rejects.toThrow()
    expect(readdirSync(join(folder, 'half'))).toEqual([])
  })
})
