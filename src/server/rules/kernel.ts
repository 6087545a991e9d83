import type { Facts } from '../model.ts'
import { paths } from '../paths.ts'
import { type Rule, serverStep, wantedFile } from './rule.ts'

// Nothing about forwarding or reverse paths: those belong to Docker. Nothing that a running server
// could not do without: no container reads the kernel's addresses or adds a line discipline.
const settings: Record<string, string> = {
  // No neighbour tells this server to send its packets another way, or says which way they came.
  'net.ipv4.conf.all.accept_redirects': '0',
  'net.ipv4.conf.default.accept_redirects': '0',
  'net.ipv4.conf.all.send_redirects': '0',
  'net.ipv4.conf.default.send_redirects': '0',
  'net.ipv4.conf.all.accept_source_route': '0',
  'net.ipv4.conf.default.accept_source_route': '0',
  'net.ipv6.conf.all.accept_redirects': '0',
  'net.ipv6.conf.default.accept_redirects': '0',
  // Where the kernel is in memory, which every attack on it must know first.
  'kernel.kptr_restrict': '2',
  'kernel.dmesg_restrict': '1',
  // Parts of the kernel that an ordinary program can call up, and that were broken time and again.
  'kernel.unprivileged_bpf_disabled': '1',
  'dev.tty.ldisc_autoload': '0',
  // A program reads the memory of those it started itself, not of all others of its user.
  'kernel.yama.ptrace_scope': '1',
  // Nobody makes root write into a file or link that he has laid out in a shared folder. Of pipes
  // Debian 12 and Ubuntu say less in a file that is read after ours, at every start.
  'fs.protected_hardlinks': '1',
  'fs.protected_regular': '2',
  'fs.protected_symlinks': '1',
}

/** Those of which a higher number lets less through; the highest of one cannot be taken back before a restart. */
const higherIsStricter = new Set(['kernel.yama.ptrace_scope'])

/** Whether what holds lets less through than ours: it is left to whoever said so. */
const isStricter = (there: string | undefined, name: string, value: string) =>
  higherIsStricter.has(name) && Number(there) > Number(value)

/** The kernel settings whose values `setup` compares. */
export const comparedSysctls = Object.keys(settings)

/**
 * The settings to be asked for: those that the kernel has (IPv6 may be switched off) and lets this
 * server change. A container shares the kernel with its host, but has a network of its own.
 */
const askedFor = (facts: Facts) =>
  Object.entries(settings).filter(
    ([name]) => name in facts.sysctls && (!facts.isContainer || name.startsWith('net.')),
  )

/** No neighbour may lead traffic astray, and no program of this server reaches into the kernel. */
export const kernel: Rule = {
  id: 'kernel',
  why: 'no neighbour may redirect the traffic, and no program without rights may probe the kernel',
  wanted: (facts) => {
    const asked = askedFor(facts)
    if (asked.length === 0) return []
    const ours = asked.filter(([name, value]) => !isStricter(facts.sysctls[name], name, value))
    const lines = ours.map(([name, value]) => `${name} = ${value}`)
    const content = ['# Written by zarpe setup.', ...lines, ''].join('\n')
    const file = wantedFile(facts, { path: paths.sysctl, content, mode: '0644' }, kernel.why)
    const differs = ours.some(([name, value]) => facts.sysctls[name] !== value)
    if (file.length === 0 && !differs) return []
    const params = { path: paths.sysctl }
    return [...file, serverStep('server.sysctl', paths.sysctl, kernel.why, params)]
  },
  notes: (facts) =>
    facts.isContainer
      ? ['the kernel and its modules are left to the host: this server is a container']
      : [],
}
