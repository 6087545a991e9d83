import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeDurable } from './durable.ts'

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
