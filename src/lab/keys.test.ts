import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../io/host/processes/process.ts'
import { ensureKey, sshConfigFile, targetOf, writeKnownHost, writeSshConfig } from './keys.ts'

const before = process.env['ZARPE_LAB_HOME']
const one = { name: 'vps1', address: '10.77.0.11' }
const two = { name: 'vps2', address: '10.77.0.12' }
let home = ''

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'zarpe-keys-'))
  process.env['ZARPE_LAB_HOME'] = home
})

afterAll(() => {
  rmSync(home, { recursive: true })
  if (before === undefined) delete process.env['ZARPE_LAB_HOME']
  else process.env['ZARPE_LAB_HOME'] = before
})

describe('the files for ssh', () => {
  it('hold a key pair that stays the same, readable by its owner alone', async () => {
    const key = await ensureKey()
    expect(key).toMatch(/^ssh-ed25519 \S+ zarpe-lab$/)
    expect(await ensureKey()).toBe(key)
    expect(statSync(targetOf(one).identityFile).mode & 0o077).toBe(0)
  })

  it('are understood by ssh itself', async () => {
    writeSshConfig([one, two])
    const { stdout } = await run('ssh', ['-F', sshConfigFile(), '-G', 'vps2'])
    expect(stdout).toContain('hostname 10.77.0.12\n')
    expect(stdout).toContain(`identityfile ${targetOf(two).identityFile}\n`)
    expect(stdout).toContain('stricthostkeychecking true\n')
  })

  it('replace the host keys of a server that was made anew and keep the others', () => {
    writeKnownHost(one, ['ssh-ed25519 OLD root@vps1'])
    writeKnownHost(two, ['ssh-ed25519 TWO root@vps2'])
    writeKnownHost(one, ['ssh-ed25519 NEW root@vps1', 'ssh-rsa NEWER root@vps1'])
    expect(readFileSync(targetOf(one).knownHostsFile, 'utf8').split('\n')).toEqual([
      'vps2,10.77.0.12 ssh-ed25519 TWO',
      'vps1,10.77.0.11 ssh-ed25519 NEW',
      'vps1,10.77.0.11 ssh-rsa NEWER',
      '',
    ])
  })
})
