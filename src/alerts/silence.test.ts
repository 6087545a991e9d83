import { describe, expect, it } from 'vitest'
import { emptyLedger, type ObservedAlerts, unreadable } from './model.ts'
import { silenceOf } from './silence.ts'

const now = '2026-01-01T03:00:00.000Z'
const observed = (ledger: Partial<ObservedAlerts['ledger']>): ObservedAlerts => ({
  settings: 'x',
  channels: [{ name: 'chat', kind: 'slack', where: 'hooks.example' }],
  heartbeat: true,
  ledger: { ...emptyLedger, ...ledger },
  now,
})
const textsOf = (each: ObservedAlerts) => silenceOf(each).map(({ text }) => text)

describe('what keeps somebody from being told', () => {
  it('is nothing while the server looks and channels take what they are sent', () => {
    expect(textsOf(observed({ lookedAt: '2026-01-01T02:50:00.000Z' }))).toEqual([])
    expect(textsOf(observed({}))).toEqual([])
  })

  it('is a channel, or a heartbeat, that could not be reached', () => {
    const failed = (problem: string, owed = true) => ({ problem, owed, tries: 1, triedAt: now })
    const unheard = {
      chat: failed('hooks.example answered 404'),
      'the heartbeat': failed('it is down'),
      gone: failed('x'),
    }
    expect(textsOf(observed({ lookedAt: now, unheard }))).toEqual([
      'chat was not reached: hooks.example answered 404',
      'the heartbeat was not reached: it is down',
    ])
    const some = { chat: failed('no mail is taken for gone@shop.example', false) }
    expect(textsOf(observed({ unheard: some }))).toEqual([
      'chat: no mail is taken for gone@shop.example',
    ])
  })

  it('is a server that does not look any more', () => {
    expect(textsOf(observed({ lookedAt: '2026-01-01T02:30:00.000Z' }))).toEqual([
      'the server has not looked for 30 min',
    ])
  })

  it('is a server that cannot read whom to tell', () => {
    expect(textsOf({ ...observed({}), settings: unreadable })).toHaveLength(1)
  })

  it('does not matter where nobody is to be told', () => {
    const never = { ...observed({ lookedAt: '2025-01-01T00:00:00.000Z' }), settings: null }
    expect(textsOf(never)).toEqual([])
  })
})
