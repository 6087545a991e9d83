import { describe, expect, it } from 'vitest'
import {
  bareDebian12,
  bareDebian13,
  bareUbuntu2404,
  exampleSettings,
  handMade,
} from '../example.model.ts'
import { runOnPaper } from '../example-run.model.ts'
import type { Facts } from '../model.ts'
import { paths } from '../paths.ts'
import { coreDumps } from './core-dumps.ts'
import { kernel } from './kernel.ts'
import { modules } from './modules.ts'
import { shells } from './shells.ts'
import { ssh } from './ssh.ts'
import { updates } from './updates.ts'

const settings = exampleSettings()
const inContainer: Facts = { ...bareDebian13, isContainer: true }

const bareUbuntu2204: Facts = {
  ...bareUbuntu2404,
  os: { id: 'ubuntu', version: '22.04', codename: 'jammy', name: 'Ubuntu 22.04.5 LTS' },
  packages: [...bareUbuntu2404.packages, 'needrestart'],
}

const servers = {
  bareDebian13,
  bareDebian12,
  bareUbuntu2404,
  bareUbuntu2204,
  handMade,
  inContainer,
}

/** The file of a rule as it is on the server after its steps. */
const fileAfter = (rule: typeof kernel, facts: Facts, path: string) =>
  runOnPaper(facts, rule.wanted(facts, settings)).files[path]?.content ?? ''

describe('the hardening of a server', () => {
  const rules = { kernel, modules, coreDumps, shells, updates }
  const cases = Object.entries(servers).flatMap(([name, facts]) =>
    Object.entries(rules).map(([id, rule]) => [id, name, rule, facts] as const),
  )

  it.each(cases)('by the rule %s on %s is not asked for twice', (_id, _name, rule, facts) => {
    const after = runOnPaper(facts, rule.wanted(facts, settings))
    expect(rule.wanted(after, settings)).toEqual([])
  })
})

describe('the settings of the kernel', () => {
  it('are, in a container, those of its own network', () => {
    const lines = fileAfter(kernel, inContainer, paths.sysctl).trim().split('\n').slice(1)
    expect(lines).toContain('net.ipv4.conf.all.accept_redirects = 0')
    expect(lines.filter((line) => !line.startsWith('net.'))).toEqual([])
    expect(fileAfter(kernel, bareDebian13, paths.sysctl)).toContain('kernel.kptr_restrict = 2')
  })

  it('that nobody can change here are not asked for', () => {
    expect(kernel.wanted({ ...inContainer, sysctls: {} }, settings)).toEqual([])
    const { 'dev.tty.ldisc_autoload': _fixed, ...sysctls } = bareDebian13.sysctls
    expect(fileAfter(kernel, { ...bareDebian13, sysctls }, paths.sysctl)).not.toContain('ldisc')
  })

  it('do not touch what Docker needs', () => {
    expect(fileAfter(kernel, bareDebian13, paths.sysctl)).not.toMatch(/forward|rp_filter|bridge/)
  })

  it('are made again when somebody has changed one since', () => {
    const done = runOnPaper(bareDebian13, kernel.wanted(bareDebian13, settings))
    const changed = { ...done, sysctls: { ...done.sysctls, 'kernel.kptr_restrict': '0' } }
    expect(kernel.wanted(changed, settings).map(({ kind }) => kind)).toEqual(['server.sysctl'])
  })
})

describe('what is stricter already', () => {
  const with3 = { ...bareDebian13.sysctls, 'kernel.yama.ptrace_scope': '3' }

  it('is left to whoever said so in the kernel', () => {
    const facts = { ...bareDebian13, sysctls: with3 }
    expect(fileAfter(kernel, facts, paths.sysctl)).not.toContain('ptrace')
    expect(fileAfter(kernel, bareDebian13, paths.sysctl)).toContain('ptrace_scope = 1')
    expect(kernel.wanted(runOnPaper(facts, kernel.wanted(facts, settings)), settings)).toEqual([])
  })

  const strict = { permitrootlogin: 'no', maxauthtries: '3', logingracetime: '20' }
  const sshdIs = (sshd: Record<string, string>): Facts => ({
    ...bareDebian13,
    sshd: { ...bareDebian13.sshd, ...sshd },
    sshdWithoutOurs: { ...bareDebian13.sshd, ...sshd },
  })

  it('is left to whoever said so in SSH, in a later run too', () => {
    const facts = sshdIs(strict)
    const after = runOnPaper(facts, ssh.wanted(facts, settings))
    expect(after.files[paths.sshd]!.content).not.toMatch(/RootLogin|MaxAuthTries|LoginGraceTime/)
    expect(after.sshd).toMatchObject(strict)
    expect(ssh.wanted(after, settings)).toEqual([])
    // Said later, in a file that ours stands before: it holds from the next set-up on.
    const before = runOnPaper(bareDebian13, ssh.wanted(bareDebian13, settings))
    const later = runOnPaper({ ...before, sshdWithoutOurs: strict }, [
      ...ssh.wanted({ ...before, sshdWithoutOurs: strict }, settings),
    ])
    expect(later.sshd).toMatchObject(strict)
    expect(later.files[paths.sshd]!.content).toBe(after.files[paths.sshd]!.content)
  })

  it('is not what has no limit, or lets more in', () => {
    const lax = { permitrootlogin: 'yes', maxauthtries: '6', logingracetime: '0' }
    const facts = sshdIs(lax)
    const after = runOnPaper(facts, ssh.wanted(facts, settings))
    expect(after.sshd).toMatchObject({
      permitrootlogin: 'without-password',
      maxauthtries: '4',
      logingracetime: '30',
    })
  })
})

describe('modules of the kernel', () => {
  it('that are in use are left, and named', () => {
    const facts = { ...bareDebian13, loadedModules: ['usb-storage'] }
    const content = fileAfter(modules, facts, paths.modules)
    expect(content).toContain('install sctp /bin/false\n')
    expect(content).not.toContain('usb-storage')
    expect(modules.notes?.(facts, settings)).toEqual([
      'left in the kernel, because it is in use: usb-storage',
    ])
  })

  it('are the host’s where this server is a container', () => {
    expect(modules.wanted(inContainer, settings)).toEqual([])
  })
})

describe('copies of memory', () => {
  it('that Ubuntu keeps are told', () => {
    const packages = [...bareUbuntu2204.packages, 'apport']
    const notes = coreDumps.notes?.({ ...bareUbuntu2204, packages }, settings)
    expect(notes?.join()).toContain('/var/crash')
    expect(coreDumps.notes?.(bareDebian13, settings)).toEqual([])
  })
})

describe('restarts after an update', () => {
  it('leave out the engine and what Zarpe runs, before the program that restarts is there', () => {
    const targets = updates.wanted(bareDebian13, settings).map(({ target }) => target)
    expect(targets.slice(0, 2)).toEqual([paths.restarts, 'unattended-upgrades needrestart'])
    const content = fileAfter(updates, bareDebian13, paths.restarts)
    const pattern = new RegExp(/qr\((.*)\)\} = 0/.exec(content)![1]!)
    const kept = ['docker.service', 'containerd.service', 'snap.docker.dockerd.service']
    for (const unit of [...kept, 'zarpe-backup-shop.service']) expect(unit).toMatch(pattern)
    for (const unit of ['ssh.service', 'systemd-journald.service'])
      expect(unit).not.toMatch(pattern)
  })
})
