import { Command } from 'commander'
import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.doUnmock('node:os')
  // What was loaded with the mock serves no other test.
  vi.resetModules()
})

it('runs a verb for a user without an account, as in a container of CI', async () => {
  vi.stubEnv('ZARPE_BY', undefined)
  vi.resetModules()
  vi.doMock('node:os', async (original) => ({
    ...(await original<typeof import('node:os')>()),
    userInfo: () => {
      throw new Error('uv_os_get_passwd returned ENOENT')
    },
  }))
  const { action } = await import('./context.ts')
  let by = ''
  const command = new Command('zarpe').action(
    action((context) => {
      by = context.by
      return Promise.resolve()
    }),
  )
  await command.option('-C, --directory <folder>', '', '.').parseAsync(['node', 'zarpe'])
  expect(by).toMatch(/^\d+@/)
})
