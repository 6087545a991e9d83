import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  forgetMachine,
  formerMachine,
  otherMachine,
  otherMachineText,
  rememberMachine,
} from './machines.ts'
import { parseTarget } from './target.ts'

const greeting = (machine: string, hostname?: string) => ({
  program: 'zarpe' as const,
  build: 'b',
  version: '1.0.0',
  machine,
  ...(hostname ? { hostname } : {}),
})
const vps = parseTarget('deploy@vps.example')

describe('the machine behind a name', () => {
  let folder = ''
  const kept = () => readdirSync(join(folder, 'zarpe', 'machines'))
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'zarpe-machines-'))
    vi.stubEnv('XDG_STATE_HOME', folder)
    vi.stubEnv('ZARPE_SSH_CONFIG', '')
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })

  it('is remembered when it first answers, whoever logs in', async () => {
    expect(await formerMachine(vps, greeting('aaaa'))).toBeNull()
    expect(await formerMachine(parseTarget('root@vps.example'), greeting('aaaa'))).toBeNull()
    expect(kept()).toEqual(['vps.example.json'])
  })

  it('is told apart from another one, which is named beside it', async () => {
    await formerMachine(vps, greeting('a'.repeat(32), 'shop1'))
    const other = greeting('b'.repeat(32), 'shop2')
    const former = await formerMachine(vps, other)
    expect(otherMachineText(vps, other, former!)).toMatch(
      /^deploy@vps\.example is the machine bbbbbbbbbbbb \("shop2"\) now; until now it was the machine aaaaaaaaaaaa \("shop1"\), known since \d{4}-/,
    )
    expect(otherMachine(vps, other, former!).data.code).toBe('ssh/other-machine')
    await rememberMachine(vps, other)
    expect(await formerMachine(vps, other)).toBeNull()
  })

  it('is another with another port, or in another ssh_config', async () => {
    await formerMachine(vps, greeting('aaaa'))
    expect(await formerMachine(parseTarget('vps.example:2222'), greeting('bbbb'))).toBeNull()
    vi.stubEnv('ZARPE_SSH_CONFIG', '/home/ana/lab')
    expect(await formerMachine(vps, greeting('cccc'))).toBeNull()
    expect(kept()).toHaveLength(3)
    await forgetMachine('vps.example', '/home/ana/lab')
    expect(kept()).toHaveLength(2)
  })

  it('is not remembered where nothing can be kept, or when it does not say who it is', async () => {
    await formerMachine(vps, greeting(''))
    writeFileSync(join(folder, 'a-file'), '')
    vi.stubEnv('XDG_STATE_HOME', join(folder, 'a-file'))
    expect(await formerMachine(vps, greeting('aaaa'))).toBeNull()
    expect(await formerMachine(vps, greeting('bbbb'))).toBeNull()
  })

  it('is learnt anew when its file is damaged', async () => {
    await formerMachine(vps, greeting('aaaa'))
    writeFileSync(join(folder, 'zarpe', 'machines', 'vps.example.json'), '{"machine"')
    expect(await formerMachine(vps, greeting('bbbb'))).toBeNull()
    expect((await formerMachine(vps, greeting('aaaa')))?.machine).toBe('bbbb')
  })
})
