import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labPath } from './home.ts'
import { withLock } from './lock.ts'

const before = process.env['ZARPE_LAB_HOME']
let home = ''

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'zarpe-lock-'))
  process.env['ZARPE_LAB_HOME'] = home
})

afterAll(() => {
  rmSync(home, { recursive: true })
  if (before === undefined) delete process.env['ZARPE_LAB_HOME']
  else process.env['ZARPE_LAB_HOME'] = before
})

describe('withLock', () => {
  it('lets one at a time do the work', async () => {
    const seen: string[] = []
    const work = (name: string) => async () => {
      seen.push(`${name} begins`)
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(`${name} ends`)
    }
    await Promise.all([withLock('t', work('one')), withLock('t', work('two'))])
    expect(seen).toEqual(['one begins', 'one ends', 'two begins', 'two ends'])
  })

  it('takes over from a dead owner', async () => {
    const dead = spawnSync('true').pid
    writeFileSync(labPath('t.lock'), String(dead))
    expect(await withLock('t', async () => 'done')).toBe('done')
  })

  it('is released when the work fails', async () => {
    await expect(withLock('t', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(existsSync(labPath('t.lock'))).toBe(false)
  })
})
