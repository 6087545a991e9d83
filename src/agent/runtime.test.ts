import { afterEach, describe, expect, it, vi } from 'vitest'

describe('the version of the runtime that a server gets', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })

  it('is that of what is sent: of the package, of this process, or else the one that is fetched', async () => {
    vi.stubGlobal('__ZARPE_RUNTIME__', '99.0.0')
    vi.resetModules()
    const { runtimeVersionFor } = await import('./runtime.ts')
    const packaged = async () => ({ binary: '/node', version: '99.0.1' })
    const none = async () => null
    expect(await runtimeVersionFor(process.arch, packaged)).toBe('99.0.1')
    expect(await runtimeVersionFor(process.arch, none)).toBe(process.versions.node)
    expect(await runtimeVersionFor('another', none)).toBe('99.0.0')
  })
})
