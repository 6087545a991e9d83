import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { heldByUs, noteHeld } from './held.run.ts'

describe('what a set-up has held', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'zarpe-held-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is noted, each once, over several runs', async () => {
    const path = join(folder, 'held.json')
    expect(await heldByUs(path)).toEqual([])
    await noteHeld(['runc', 'docker.io'], path)
    await noteHeld(['docker.io', 'containerd'], path)
    expect(await heldByUs(path)).toEqual(['containerd', 'docker.io', 'runc'])
  })

  it('is nothing where the note is damaged', async () => {
    const path = join(folder, 'held.json')
    writeFileSync(path, '["docker.io"')
    expect(await heldByUs(path)).toEqual([])
  })
})
