import { describe, expect, it } from 'vitest'
import { bareDebian13, exampleSettings } from '../example.model.ts'
import { runOnPaper } from '../example-run.model.ts'
import type { Facts, SetupSettings } from '../model.ts'
import { paths } from '../paths.ts'
import { firewall } from './firewall.ts'
import { parsePort } from './opened.ts'

const after = (facts: Facts, given: Partial<SetupSettings> = {}) =>
  runOnPaper(facts, firewall.wanted(facts, exampleSettings(given)))

const fileOf = (facts: Facts) => facts.files[paths.firewall]!.content

describe('ports that somebody has opened', () => {
  const opened = after(bareDebian13, { openPorts: { tcp: [8080], udp: [51_820] } })

  it('are open, and named where the next set-up finds them', () => {
    expect(fileOf(opened)).toContain('tcp dport { 22, 80, 443, 8080 } accept')
    expect(fileOf(opened)).toContain('udp dport { 443, 51820 } accept')
    expect(fileOf(opened)).toContain('\n# Open besides, by --open: 8080/tcp 51820/udp\n')
    expect(fileOf(after(bareDebian13))).not.toContain('--open')
  })

  it('stay open in a set-up that is told nothing, which says so', () => {
    expect(firewall.wanted(opened, exampleSettings())).toEqual([])
    expect(firewall.notes?.(opened, exampleSettings())).toEqual([
      'open from outside besides SSH, 80 and 443: 8080/tcp 51820/udp',
    ])
    const more = after(opened, { openPorts: { tcp: [9090], udp: [] } })
    expect(fileOf(more)).toContain('by --open: 8080/tcp 9090/tcp 51820/udp\n')
  })

  it('are closed again when they are named, and SSH never is', () => {
    const closePorts = { tcp: [22, 8080], udp: [51_820] }
    const closed = after(opened, { closePorts })
    expect(fileOf(closed)).toBe(fileOf(after(bareDebian13)))
  })

  it('are no ports of SSH from before it moved', () => {
    const moved = after({ ...after(bareDebian13), sshPorts: [2222] })
    expect(fileOf(moved)).toContain('tcp dport { 80, 443, 2222 } accept')
  })
})

describe('parsePort', () => {
  it('reads a port with its protocol, and nothing else', () => {
    expect(parsePort('51820/udp')).toEqual({ tcp: [], udp: [51_820] })
    expect(parsePort('1/tcp')).toEqual({ tcp: [1], udp: [] })
    for (const text of ['', '80', '0/tcp', '65536/udp', '80/sctp', '-1/tcp', '80/tcp }', '1e3/tcp'])
      expect(parsePort(text)).toBeNull()
  })
})
