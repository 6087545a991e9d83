import { describe, expect, it } from 'vitest'
import { aptProblem, installation, keysIn } from './apt.ts'

// What apt-get 2.6 prints with --no-remove.
const refused = `Reading package lists...
Building dependency tree...
The following packages were automatically installed and are no longer required:
  libintl-perl libintl-xs-perl
The following packages will be REMOVED:
  containerd.io
  docker-ce-cli*
The following NEW packages will be installed:
  containerd docker.io runc
0 upgraded, 3 newly installed, 2 to remove and 0 not upgraded.
E: Packages need to be removed but remove is disabled.`.split('\n')

describe('what apt-get did not do', () => {
  it('is never the removal of a package', () => {
    expect(installation(['docker.io'])).toContain('--no-remove')
  })

  it('is told by the packages that would have gone', () => {
    const { data } = aptProblem(installation(['docker.io']), 100, refused)
    expect(data.code).toBe('server/packages-conflict')
    expect(data.detail).toBe(
      '`apt-get install docker.io` would have removed containerd.io, docker-ce-cli.',
    )
    expect(data.fix[0]).toContain('zarpe setup --docker docker-ce')
    expect(data.fix[1]).toContain('apt-get remove containerd.io docker-ce-cli ')
  })

  it('is told in its own words otherwise', () => {
    const lines = ['E: Unable to locate package nothing']
    const { data } = aptProblem(['install', 'nothing'], 100, lines)
    expect(data).toMatchObject({ code: 'server/packages-failed', evidence: lines })
  })
})

describe('keysIn', () => {
  const one = '994841271638543F994841271638543F12345678'
  const other = '7FE96D8D6F9007265CBC74A7EFB6BC9F1312DD60'
  const record = (kind: string, fingerprint: string) =>
    `${kind}:-:255:22:EFB6BC9F1312DD60:1795818287:::u:::scSC:::::ed25519:::0:\nfpr:::::::::${fingerprint}:`

  it('has every key of a file, and none of their subkeys', () => {
    expect(keysIn(`${record('pub', one)}\nuid:u::::1::C2::t1@x:\n${record('sub', other)}`)).toEqual(
      [one],
    )
    expect(keysIn(`${record('pub', one)}\n${record('pub', other)}`)).toEqual([one, other])
    expect(keysIn('')).toEqual([])
  })
})
