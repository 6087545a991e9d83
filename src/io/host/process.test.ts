import { afterEach, describe, expect, it, vi } from 'vitest'
import { run } from './process.ts'

afterEach(() => vi.unstubAllEnvs())

describe('run', () => {
  it('ends at its limit also when what it started lives on', async () => {
    const began = Date.now()
    const result = await run('sh', ['-c', 'sleep 5 & echo out; wait'], { limitMs: 300 })
    expect(result).toMatchObject({ timedOut: true, stdout: 'out\n' })
    expect(Date.now() - began).toBeLessThan(3_000)
  })

  it('hands the environment on, but for the key that reads secrets', async () => {
    vi.stubEnv('ZARPE_AGE_KEY', 'a key')
    vi.stubEnv('ZARPE_OTHER', 'no key')
    const { stdout } = await run('env', [])
    expect(stdout).toContain('ZARPE_OTHER=no key')
    expect(stdout).not.toContain('ZARPE_AGE_KEY')
  })
})
