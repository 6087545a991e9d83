import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { notStarted, run } from './process.ts'

afterEach(() => vi.unstubAllEnvs())

describe('run', () => {
  it('ends at its limit also when what it started lives on', async () => {
    const began = Date.now()
    const result = await run('sh', ['-c', 'sleep 5 & echo out; wait'], { limitMs: 300 })
    expect(result).toMatchObject({ timedOut: true, stdout: 'out\n' })
    expect(Date.now() - began).toBeLessThan(3_000)
  })

  it('ends the child when it is told to, and rejects with the reason once it is gone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zarpe-run-'))
    const gone = join(folder, 'gone')
    const cleansUp = `trap 'sleep 0.2; touch ${gone}; exit 1' TERM; echo up; while :; do sleep 0.05; done`
    const limit = new AbortController()
    const onLine = () => limit.abort(new Error('too slow'))
    try {
      const ending = run('sh', ['-c', cleansUp], { signal: limit.signal, onLine })
      await expect(ending).rejects.toThrow('too slow')
      expect(existsSync(gone)).toBe(true)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('kills a child that does not heed, and does not wait for what it has started', async () => {
    const limit = new AbortController()
    const stays = "trap '' TERM; sleep 12 & echo up; wait; sleep 12"
    const began = Date.now()
    const onLine = () => limit.abort()
    const stopped = run('sh', ['-c', stays], { signal: limit.signal, onLine })
    await expect(stopped).rejects.toThrow('aborted')
    expect(Date.now() - began).toBeLessThan(9_000)
  })

  it('starts nothing for what was given up before', async () => {
    const signal = AbortSignal.abort(new Error('given up'))
    await expect(run('no-such-program', [], { signal })).rejects.toThrow('given up')
  })

  it('tells a program that is not there from one that could not be started', async () => {
    await expect(run('no-such-program', [])).rejects.toThrow(/^host\/program-missing/)
    const full = Object.assign(new Error('spawn tar EAGAIN'), { code: 'EAGAIN' })
    expect(notStarted('tar', full).data).toMatchObject({ code: 'host/program-not-started' })
  })

  it('hands the environment on, but for the key that reads secrets', async () => {
    vi.stubEnv('ZARPE_AGE_KEY', 'a key')
    vi.stubEnv('ZARPE_OTHER', 'no key')
    const { stdout } = await run('env', [])
    expect(stdout).toContain('ZARPE_OTHER=no key')
    expect(stdout).not.toContain('ZARPE_AGE_KEY')
  })
})
