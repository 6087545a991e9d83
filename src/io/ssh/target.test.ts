import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { Problem } from '../../problem/problem.ts'
import { runOk } from '../host/processes/process.ts'
import { parseTarget, sshArguments } from './target.ts'

describe('parseTarget', () => {
  it.each([
    ['deploy@vps.example', { user: 'deploy', host: 'vps.example', port: null }],
    ['deploy@vps.example:2222', { user: 'deploy', host: 'vps.example', port: 2222 }],
    ['root@[2001:db8::1]:22', { user: 'root', host: '2001:db8::1', port: 22 }],
    ['root@198.51.100.7', { user: 'root', host: '198.51.100.7', port: null }],
    ['my_alias', { user: null, host: 'my_alias', port: null }],
  ])('reads %s', (text, expected) => expect(parseTarget(text)).toEqual({ ...expected, text }))

  it.each([
    '',
    '-oProxyCommand=touch /tmp/x',
    '-v',
    'root@-oProxyCommand=x',
    '-l@host',
    'root@host:0',
    'root@host:65536',
    'root@host:22:22',
    'a@b@c',
    'root@host;touch /tmp/x',
    'root@$(touch /tmp/x)',
    'root@host\n',
    'root@host name',
    'ssh://root@host',
    'root@2001:db8::1',
    'root@',
    '%h',
  ])('refuses %j', (text) => {
    expect(() => parseTarget(text)).toThrow(Problem)
  })

  it('is a login of its own, also where the ssh_config of the user shares connections', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'zarpe-ssh-'))
    const config = join(folder, 'config')
    writeFileSync(config, `Host *\n  ControlMaster auto\n  ControlPath ${folder}/%C\n`)
    vi.stubEnv('ZARPE_SSH_CONFIG', config)
    try {
      const argv = ['-G', ...sshArguments(parseTarget('deploy@vps.example'))]
      const { stdout } = await runOk('ssh', argv)
      expect(stdout).toMatch(/^controlmaster (no|false)$/m)
      expect(stdout).not.toMatch(/^controlpath (?!none$)/m)
    } finally {
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true })
    }
  })

  it('lets nothing through that ssh or a shell would take for more than a name', () => {
    const pieces = fc.constantFrom(
      ...'-o@:[]%$`;|& \'"\\\n\t(){}<>~!*?#=ProxyCommand0'.split(''),
      '$(id)',
      '..',
      '2001:db8::1',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        let argv: string[]
        try {
          argv = sshArguments(parseTarget(text))
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Problem)
          return
        }
        const host = argv.at(-1)!
        expect(argv.at(-2)).toBe('--')
        expect(host).toMatch(/^[A-Za-z0-9:][A-Za-z0-9._:%-]*$/)
        const user = argv[argv.indexOf('-l') + 1]!
        if (argv.includes('-l')) expect(user).toMatch(/^[A-Za-z_][\w.-]*$/)
      }),
      { numRuns: 2_000 },
    )
  })
})
