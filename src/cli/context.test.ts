import { Command } from 'commander'
import { expect, it, vi } from 'vitest'
import { action } from './context.ts'

vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  userInfo: () => {
    throw new Error('uv_os_get_passwd returned ENOENT')
  },
}))

it('runs a verb for a user without an account, as in a container of CI', async () => {
  vi.stubEnv('ZARPE_BY', undefined)
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
