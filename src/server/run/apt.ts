import { Problem } from '../../problem/problem.ts'

/** What apt-get is told for an installation: what is there already stays as it is, and stays. */
export const installation = (names: string[]): string[] => [
  ...['install', '--fix-broken', '--no-remove', '--no-install-recommends', '--no-upgrade'],
  ...names,
]

/** The packages that apt-get would have to remove for what it was asked, as it names them. */
const removedBy = (lines: string[]): string[] => {
  const from = lines.findIndex((line) =>
    /^(The following packages will be REMOVED|REMOVING):/.test(line),
  )
  if (from === -1) return []
  const rest = lines.slice(from + 1)
  const end = rest.findIndex((line) => !line.startsWith(' '))
  return rest
    .slice(0, end === -1 ? rest.length : end)
    .flatMap((line) => line.trim().split(/\s+/))
    .map((name) => name.replace(/\*$/, ''))
}

/** Why apt-get did not do what it was asked, from what it printed. */
export const aptProblem = (argv: string[], code: number, lines: string[]): Problem => {
  const asked = argv.filter((each) => !each.startsWith('-')).join(' ')
  const removed = lines.some((line) => /remove is disabled/.test(line)) ? removedBy(lines) : []
  if (removed.length > 0) return conflict(asked, removed, lines)
  return new Problem({
    code: 'server/packages-failed',
    summary: 'Packages could not be installed.',
    detail: `\`apt-get ${asked}\` exited ${code}.`,
    fix: ['apt-get update', 'zarpe setup'],
    evidence: lines.slice(-12),
  })
}

const conflict = (asked: string, removed: string[], lines: string[]) =>
  new Problem({
    code: 'server/packages-conflict',
    summary: 'Packages that set-up needs cannot be there beside others of yours; none was touched.',
    detail: `\`apt-get ${asked}\` would have removed ${removed.join(', ')}.`,
    fix: [
      ...(removed.includes('containerd.io')
        ? ['zarpe setup --docker docker-ce    # the engine that goes with containerd.io']
        : []),
      `apt-get remove ${removed.join(' ')}    # on the server, if nothing needs it; then: zarpe setup`,
    ],
    evidence: lines.slice(-12),
  })

/** The fingerprints of the keys, not of their subkeys, that `gpg --show-keys --with-colons` tells of. */
export const keysIn = (shown: string): string[] => {
  const records = shown.split('\n').map((line) => line.split(':'))
  return records.flatMap(([kind], at) => {
    if (kind !== 'pub' && kind !== 'sec') return []
    const own = records.slice(at + 1).find(([next]) => next === 'fpr')
    return [own?.[9] ?? '']
  })
}
