import { expect, it } from 'vitest'
import type { Engine } from '../../io/engine/engine.ts'
import { givePasswords } from './passwords.run.ts'
import { unlogged } from './provision.run.ts'
import type { Replaced } from './replaced.ts'

it('are not given to a service that no release has any more, and nobody fails for it', async () => {
  const engine = { services: { list: async () => [] } } as unknown as Engine
  const notes: string[] = []
  const context = {
    engine,
    signal: new AbortController().signal,
    note: (text: string) => void notes.push(text),
  }
  const source = { from: 'service' as const, service: 'former-db', database: null }
  const role: Replaced = { dataset: 'main', role: 'app', release: 7, source, verifier: 'of 6' }
  await givePasswords('shop-production', [role], context, () => Promise.reject(new Error('asked')))
  expect(notes).toEqual(['no service "former-db" runs'])
})

it('are not seen by whoever may see what a superuser runs', () => {
  expect(unlogged).toContain('SET track_activities = off')
})
