import { describe, expect, it } from 'vitest'
import { bareDebian13, exampleSettings } from '../example.model.ts'
import { runOnPaper } from '../example-run.model.ts'
import { paths } from '../paths.ts'
import { firewall } from './firewall.ts'

const settings = exampleSettings()

describe('the unit of the firewall', () => {
  const done = runOnPaper(bareDebian13, firewall.wanted(bareDebian13, settings))
  const unit = done.files[paths.firewallUnit]!

  it('comes back whenever that of the distribution is reloaded, restarted or started', () => {
    for (const line of ['PartOf', 'ReloadPropagatedFrom'])
      expect(unit.content).toContain(`\n${line}=nftables.service\n`)
    expect(unit.content).toMatch(/^WantedBy=.* nftables\.service$/m)
    expect(done.files[paths.nftablesDropIn]?.content).toContain(
      `\nExecStartPost=-/usr/sbin/nft -f ${paths.firewall}\n`,
    )
    expect(unit.content).toMatch(/^After=.* nftables\.service$/m)
  })

  it('of an earlier version is written and enabled anew', () => {
    const content = unit.content.replace(' nftables.service\n', '\n')
    const earlier = {
      ...done,
      files: { ...done.files, [paths.firewallUnit]: { ...unit, content } },
    }
    expect(firewall.wanted(earlier, settings).map(({ kind }) => kind)).toEqual([
      'server.file',
      'server.firewall',
    ])
  })
})
