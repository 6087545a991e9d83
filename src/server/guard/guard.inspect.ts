import { namesIn, statOf } from '../../io/host/files/durable.ts'
import { guardFolder } from './guard.render.ts'
import type { Facts } from '../model.ts'
import type { GuardName } from '../steps.ts'

/** How a guard stands: armed until it is confirmed or has undone its change. */
export const guardState = async (name: GuardName): Promise<Facts['guards'][GuardName]> => {
  if (await statOf(`${guardFolder(name)}/armed`)) return 'armed'
  const names = await namesIn(guardFolder(name))
  return names.includes('reverted') || names.includes('undoing') ? 'reverted' : 'none'
}

/** How all guards stand. */
export const inspectGuards = async (): Promise<Facts['guards']> => ({
  sshd: await guardState('sshd'),
  firewall: await guardState('firewall'),
})
