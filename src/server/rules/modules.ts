import { paths } from '../paths.ts'
import { type Rule, wantedFile } from './rule.ts'

// The kernel loads what a program or a device asks for, whoever that is. None of this is met on a
// server, and most of it has let an ordinary program become root at some time.
const unwanted = [
  // Protocols: opening a socket is enough.
  ...['dccp', 'sctp', 'rds', 'tipc'],
  // File systems. Not squashfs and udf: packages of Ubuntu and images of clouds come in them.
  ...['cramfs', 'freevxfs', 'hfs', 'hfsplus', 'jffs2'],
  // What is plugged in where the machine stands, or at the console of its hoster.
  ...['usb-storage', 'firewire-core', 'firewire-ohci'],
]

/** The modules of which `setup` must know whether they are in use. */
export const comparedModules = unwanted

/** Code of the kernel that no server needs cannot be called up. */
export const modules: Rule = {
  id: 'modules',
  why: 'parts of the kernel that no server needs cannot be called up by a program or a device',
  wanted: (facts) => {
    // There the kernel is the host's, and looks into the host's folder.
    if (facts.isContainer) return []
    // What is in use is needed: a disk on USB may be the one that the system starts from.
    const lines = unwanted
      .filter((name) => !facts.loadedModules.includes(name))
      .map((name) => `install ${name} /bin/false`)
    const content = ['# Written by zarpe setup.', ...lines, ''].join('\n')
    return wantedFile(facts, { path: paths.modules, content, mode: '0644' }, modules.why)
  },
  notes: (facts) =>
    facts.isContainer || facts.loadedModules.length === 0
      ? []
      : [`left in the kernel, because it is in use: ${facts.loadedModules.join(', ')}`],
}
