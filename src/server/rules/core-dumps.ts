import { paths } from '../paths.ts'
import { type Rule, wantedFile } from './rule.ts'

// For the limits of logins, root is nobody of the crowd.
const limits = `# Written by zarpe setup.
* - core 0
root - core 0
`

// Where systemd takes the dumps, limits are not asked.
const handler = `# Written by zarpe setup.
[Coredump]
Storage=none
ProcessSizeMax=0
`

/** A program that crashes writes its memory to the disk, passwords and all, and may fill it. */
export const coreDumps: Rule = {
  id: 'core-dumps',
  why: 'a crash leaves no copy of a program’s memory, with its secrets, on the disk',
  wanted: (facts) => [
    ...wantedFile(facts, { path: paths.coreLimits, content: limits, mode: '0644' }, coreDumps.why),
    ...wantedFile(facts, { path: paths.coreDumps, content: handler, mode: '0644' }, coreDumps.why),
  ],
  // Ubuntu hands crashes to a program of its own, which is not ours to remove.
  notes: (facts) =>
    facts.packages.includes('apport')
      ? [
          'apport keeps what crashes, memory included, in /var/crash: apt-get purge apport ends that',
        ]
      : [],
}
