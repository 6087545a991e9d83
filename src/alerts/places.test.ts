import { describe, expect, it } from 'vitest'
import { fingerprint } from '../plan/fingerprint.ts'
import { inspectAlerts } from './inspect.ts'
import type { Channel } from './model.ts'
import { placesOf } from './places.ts'

const chat = (url: string): Channel => ({ name: 'chat', kind: 'ntfy', url })
const place = (url: string, key = 'key') => placesOf({ channels: [chat(url)], heartbeat: url }, key)

describe('where channels lead', () => {
  it('is the same with another password, and another with another path', () => {
    expect(place('https://me:zq-1@ntfy.example/a')).toEqual(place('https://ntfy.example/a'))
    expect(place('https://ntfy.example/a')).not.toEqual(place('https://ntfy.example/b'))
  })

  it('can be tried out by nobody without the key', () => {
    const url = 'https://ntfy.example/a'
    expect(place(url, 'one')['chat']).not.toBe(place(url, 'other')['chat'])
    expect(Object.values(place(url))).not.toContain(fingerprint(url))
  })

  it('is not told to whoever asks about alerts', async () => {
    const { ledger } = await inspectAlerts('no-such-project-production')
    expect(ledger).toEqual({ lookedAt: null, standing: [], unheard: {} })
  })
})
