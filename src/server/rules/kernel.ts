import { paths } from '../paths.ts'
import { type Rule, serverStep, wantedFile } from '../rule.ts'

// Nothing about forwarding or reverse paths: those belong to Docker.
const settings: Record<string, string> = {
  'net.ipv4.conf.all.accept_redirects': '0',
  'net.ipv4.conf.default.accept_redirects': '0',
  'net.ipv4.conf.all.send_redirects': '0',
  'net.ipv4.conf.default.send_redirects': '0',
  'net.ipv4.conf.all.accept_source_route': '0',
  'net.ipv6.conf.all.accept_redirects': '0',
  'net.ipv6.conf.default.accept_redirects': '0',
}

/** The kernel settings whose values `setup` compares. */
export const comparedSysctls = Object.keys(settings)

/** No neighbour may tell this server to send its packets another way. */
export const kernel: Rule = {
  id: 'kernel',
  why: 'no neighbour may redirect the traffic of this server',
  wanted: (facts) => {
    if (facts.isContainer) return []
    // A setting that the kernel does not have (IPv6 switched off) is not asked for.
    const known = Object.entries(settings).filter(([name]) => name in facts.sysctls)
    const lines = known.map(([name, value]) => `${name} = ${value}`)
    const content = ['# Written by zarpe setup.', ...lines, ''].join('\n')
    const file = wantedFile(facts, { path: paths.sysctl, content, mode: '0644' }, kernel.why)
    const differs = known.some(([name, value]) => facts.sysctls[name] !== value)
    if (file.length === 0 && !differs) return []
    const params = { path: paths.sysctl }
    return [...file, serverStep('server.sysctl', paths.sysctl, kernel.why, params)]
  },
  notes: (facts) =>
    facts.isContainer ? ['kernel settings are left to the host: this server is a container'] : [],
}
