import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { addressesOf } from './names.ts'
import { reach } from './reach.ts'

it('tells an open port from one where nobody listens', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  expect(await reach('127.0.0.1', port)).toBe('open')
  await new Promise((resolve) => server.close(resolve))
  expect(await reach('127.0.0.1', port)).toBe('refused')
})

it('takes an address for itself, without asking anybody', async () => {
  expect(await addressesOf('198.51.100.7')).toEqual(['198.51.100.7'])
  expect(await addressesOf('2001:db8::7')).toEqual(['2001:db8::7'])
})
