import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { defaultKeyFile } from '../../../secrets/identity.load.ts'
import { cacheFolder } from './cache.ts'
import { userFolder } from './home.ts'

afterEach(() => vi.unstubAllEnvs())

it('a folder of the user’s is where the variable says, unless it says nothing', () => {
  vi.stubEnv('XDG_CONFIG_HOME', '/etc/own')
  expect(userFolder('XDG_CONFIG_HOME', '.config')).toBe('/etc/own')
  for (const value of ['', 'relative', '.', undefined]) {
    vi.stubEnv('XDG_CONFIG_HOME', value)
    vi.stubEnv('XDG_CACHE_HOME', value)
    expect(userFolder('XDG_CONFIG_HOME', '.config')).toBe(join(homedir(), '.config'))
    expect(defaultKeyFile()).toBe(join(homedir(), '.config', 'zarpe', 'age.key'))
    expect(cacheFolder('layers')).toBe(join(homedir(), '.cache', 'zarpe', 'layers'))
  }
})
