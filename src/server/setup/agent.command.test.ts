import { describe, expect, it } from 'vitest'
import { whyInstall } from './agent.command.ts'

describe('whyInstall', () => {
  it('brings an agent where there is none, and one that does not answer anew', () => {
    expect(whyInstall('server/not-set-up')).toContain('no agent yet')
    for (const code of ['server/agent-broken', 'ssh/no-greeting', 'ssh/failed'])
      expect(whyInstall(code)).toContain('anew')
  })

  it.each(['ssh/refused', 'ssh/login-refused', 'ssh/no-sudo', 'agent/newer', 'agent/mismatch'])(
    'brings none for %s',
    (code) => expect(whyInstall(code)).toBeNull(),
  )
})
